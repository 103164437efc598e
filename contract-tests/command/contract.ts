/**
 * `npm run contract`: checks the contract and the embedded services; with `--target` a running service, with `--replay`
 * recorded responses.
 */
import { type Contract, ContractError } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { enterFolderOfCall, isProgram } from "../../scripts/tools/folders.js";
import { maskExchange, wordsOf } from "../service/mask.js";
import { writeRecordings } from "../service/recordings.js";
import { type Result, serviceChecks } from "../service/service-checks.js";
import { checkValidatorsDetectViolations, createValidators } from "../service/validators.js";
import { specChecks } from "../spec/spec-checks.js";
import { judgeEmbedded, judgeRecordings, judgeTarget } from "./judge.js";
import { CannotCheck, type Options, parseOptions, USAGE } from "./options.js";
import { proposeActions } from "./proposals.js";
import { toAnnotations, writeReport } from "./report.js";
import { summarize } from "./summary.js";
import { targetOf } from "./target.js";

/** Where it prints. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** Runs the command, with the contract in the folder `root`. Resolves with the exit code. */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { out, err }: Output,
  root = process.cwd(),
): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help || options.list) {
      out(options.help ? USAGE : listChecks());
      return 0;
    }
    return await run(options, env, out, root);
  } catch (error) {
    if (!(error instanceof ContractError || error instanceof CannotCheck)) throw error;
    err(error.message);
    return 2;
  }
}

function listChecks(): string {
  return Object.entries({ ...specChecks, ...serviceChecks })
    .map(([name, { description }]) => `${name.padEnd(18)}  ${description}`)
    .join("\n");
}

async function run(options: Options, env: NodeJS.ProcessEnv, out: Output["out"], root: string): Promise<number> {
  const target = options.target === undefined ? undefined : targetOf(options.target, env);
  const contract = await readContract(root);
  const validators = createValidators(contract);
  await checkValidatorsDetectViolations(validators);
  const results = target
    ? await judgeTarget(target, options.cancel, validators, out)
    : options.replay !== undefined
      ? await judgeRecordings(options.replay, validators)
      : await judgeEmbedded(contract, validators);
  if (options.record) record(options.record, results, contract);
  if (options.report) writeReport(options.report, results, contract);
  out(summarize(results, contract));
  if (env.GITHUB_ACTIONS === "true") for (const line of toAnnotations(results)) out(line);
  if (options["propose-overlay"]) out(proposeActions(results, contract));
  const verdicts = results.flatMap(({ findings }) => findings.map(({ verdict }) => verdict));
  return verdicts.some((verdict) => verdict === "violation" || options.strict) ? 1 : 0;
}

function record(folder: string, results: readonly Result[], contract: Contract): void {
  const words = wordsOf(contract);
  writeRecordings(
    folder,
    results.flatMap(({ exchange }) => (exchange ? [maskExchange(exchange, words)] : [])),
  );
}

const [, program, ...args] = process.argv;
if (isProgram(program, "/command/contract.ts")) {
  const output = { out: (text: string) => console.log(text), err: (text: string) => console.error(text) };
  main(args, process.env, output, enterFolderOfCall(program, process.env)).then((code) => {
    process.exitCode = code;
  });
}
