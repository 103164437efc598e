/**
 * `npm run contract`: checks the contract and the embedded services; with `--target` a running service, with `--replay`
 * recorded responses.
 */
import { pathToFileURL } from "node:url";
import { type Contract, ContractError } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { maskExchange, wordsOf } from "../service/mask.js";
import { writeRecordings } from "../service/recordings.js";
import { type Result, serviceChecks } from "../service/service-checks.js";
import { checkValidatorsDetectViolations, createValidators } from "../service/validators.js";
import { specChecks } from "../spec/spec-checks.js";
import { appendSummary, writeReport } from "./files.js";
import { toAnnotations } from "./github.js";
import { judgeEmbedded, judgeRecordings, judgeTarget } from "./judge.js";
import { CannotCheck, type Options, parseOptions, USAGE } from "./options.js";
import { proposeActions } from "./proposals.js";
import { toReport } from "./report.js";
import { checkOnly, resultsOf } from "./run.js";
import { summarize } from "./summary.js";
import { targetOf } from "./target.js";

/** Where it prints. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
  /** Whether `out` is a terminal that shows colours. Default: false. */
  readonly colour?: boolean;
}

/** Runs the command, with the contract in the folder `root`. Resolves with the exit code. */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  output: Output,
  root = process.cwd(),
): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options.help || options.list) {
      output.out(options.help ? USAGE : listChecks());
      return 0;
    }
    return await run(options, env, output, root);
  } catch (error) {
    if (!(error instanceof ContractError || error instanceof CannotCheck)) throw error;
    output.err(error.message);
    return error instanceof ContractError ? 1 : 2;
  }
}

function listChecks(): string {
  return Object.entries({ ...specChecks, ...serviceChecks })
    .map(([name, { description }]) => `${name.padEnd(18)}  ${description}`)
    .join("\n");
}

async function run(options: Options, env: NodeJS.ProcessEnv, { out, err, colour }: Output, root: string) {
  const target = options.target === undefined ? undefined : targetOf(options.target, env);
  checkOnly(options);
  const started = new Date();
  const contract = await readContract(root);
  const validators = createValidators(contract);
  await checkValidatorsDetectViolations(validators);
  const judged = target
    ? await judgeTarget(target, options.cancel, validators, err)
    : options.replay !== undefined
      ? await judgeRecordings(options.replay, validators)
      : await judgeEmbedded(contract, validators);
  if (options.record) record(options.record, judged, contract);
  const results = resultsOf(judged, options);
  const report = toReport({ started, durationMs: Date.now() - started.getTime(), options, results, contract });
  if (options.report) writeReport(options.report, report);
  if (env.GITHUB_STEP_SUMMARY) appendSummary(env.GITHUB_STEP_SUMMARY, report);
  out(summarize(report, { colour: colour ?? false, coverage: options.coverage }));
  if (env.GITHUB_ACTIONS === "true") for (const line of toAnnotations(report)) out(line);
  if (options["propose-overlay"]) out(proposeActions(results, contract));
  return report.verdict.exitCode;
}

function record(folder: string, results: readonly Result[], contract: Contract): void {
  const words = wordsOf(contract);
  writeRecordings(
    folder,
    results.flatMap(({ exchange }) => (exchange ? [maskExchange(exchange, words)] : [])),
  );
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href.endsWith("/command/contract.ts")) {
  main(process.argv.slice(2), process.env, {
    out: (text) => console.log(text),
    err: (text) => console.error(text),
    colour: process.stdout.isTTY && process.stdout.hasColors(),
  }).then((code) => {
    process.exitCode = code;
  });
}
