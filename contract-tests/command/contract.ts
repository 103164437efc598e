/**
 * `npm run contract`: checks the contract and the embedded services; with `--target` a running service, with `--replay`
 * recorded responses.
 */
import { type Contract, ContractError } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { enterFolderOfCall, isProgram } from "../../scripts/tools/folders.js";
import { type Output, runProgram } from "../../scripts/tools/program.js";
import { compareRecordings, describeDifferences } from "../diff/recordings.js";
import type { Exchange } from "../service/exchange.js";
import { maskExchange, wordsOf } from "../service/mask.js";
import { RECORDING_FILE, writeRecordings } from "../service/recordings.js";
import { type Result, serviceChecks } from "../service/service-checks.js";
import { checkValidatorsDetectViolations, createValidators } from "../service/validators.js";
import { specChecks } from "../spec/spec-checks.js";
import { appendSummary, writeReport } from "./files.js";
import { type OutputFolder, openFolder } from "./folder.js";
import { toAnnotations } from "./github.js";
import { judgeEmbedded, judgeRecordings, readFolder } from "./judge.js";
import { judgeTarget } from "./judge-target.js";
import { CannotCheck, type Options, parseOptions, USAGE } from "./options.js";
import { proposeActions } from "./proposals.js";
import { toReport } from "./report.js";
import { checkOnly, resultsOf } from "./run.js";
import { summarize } from "./summary.js";
import { type Target, targetOf } from "./target.js";

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
    return 2;
  }
}

function listChecks(): string {
  return Object.entries({ ...specChecks, ...serviceChecks })
    .map(([name, { description }]) => `${name.padEnd(18)}  ${description}`)
    .join("\n");
}

async function run(options: Options, env: NodeJS.ProcessEnv, { out, err, colour }: Output, root: string) {
  const target = options.target === undefined ? undefined : await targetOf(options.target, options.auth, env);
  checkOnly(options);
  const older = options.older === undefined ? undefined : readFolder(options.older);
  const started = new Date();
  const folders: OutputFolder[] = [];
  const open = (option: "record" | "report") => {
    const path = options[option];
    if (path !== undefined) folders.push(openFolder(`--${option}`, path));
    return path === undefined ? undefined : folders.at(-1);
  };
  try {
    // Before anything is asked of a service: a job is cancelled once, so what came of it must not be lost.
    const [recordings, reports] = [open("record"), open("report")];
    const contract = await readContract(root);
    const words = wordsOf(contract);
    const keep: Keep = (exchanges) => {
      const masked = exchanges.map((each) => maskExchange(each, words));
      recordings?.write((folder) => writeRecordings(folder, masked), RECORDING_FILE);
    };
    const judged = await judge(options, target, contract, err, keep);
    const results = resultsOf(judged, options);
    const report = toReport({ started, durationMs: Date.now() - started.getTime(), options, results, contract });
    out(summarize(report, { colour: colour ?? false, coverage: options.coverage }));
    if (env.GITHUB_ACTIONS === "true") for (const line of toAnnotations(report)) out(line);
    if (options["propose-overlay"]) out(await proposeActions(results, contract, root));
    if (older) out(`\n${describeDifferences(compareRecordings(older, exchangesOf(judged), words))}`);
    keep(exchangesOf(judged));
    reports?.write((folder) => writeReport(folder, report));
    if (env.GITHUB_STEP_SUMMARY) appendSummary(env.GITHUB_STEP_SUMMARY, report);
    return report.verdict.exitCode;
  } finally {
    for (const folder of folders) folder.close();
  }
}

/** Records the exchanges so far. */
type Keep = (exchanges: readonly Exchange[]) => void;

async function judge(
  options: Options,
  target: Target | undefined,
  contract: Contract,
  say: (text: string) => void,
  keep: Keep,
) {
  const validators = { ...createValidators(contract), alone: options.only !== undefined };
  await checkValidatorsDetectViolations(validators);
  if (target) return judgeTarget(target, options.cancel, validators, say, keep);
  if (options.replay !== undefined) return judgeRecordings(options.replay, validators);
  return judgeEmbedded(contract, validators);
}

function exchangesOf(results: readonly Result[]): Exchange[] {
  return results.flatMap(({ exchange }) => exchange ?? []);
}

const [, program, ...args] = process.argv;
if (isProgram(program, "/command/contract.ts")) {
  process.once("SIGHUP", () => process.exit(129));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  runProgram((output) => main(args, process.env, output, enterFolderOfCall(program, process.env)));
}
