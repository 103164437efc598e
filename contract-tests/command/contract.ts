/**
 * `npm run contract`: holds the embedded services to the contract, or with `--target` a running one, or with `--replay`
 * what one answered before.
 */
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { type Contract, ContractError, responseExamples } from "../../scripts/contract/document.js";
import { startPrism } from "../../scripts/contract/prism.js";
import { readContract } from "../../scripts/contract/read.js";
import {
  type Answered,
  bodyOf,
  type Exchange,
  makeExchange,
  maskExchange,
  type Probe,
  readRecordings,
  writeRecordings,
} from "../service/exchange.js";
import { type Credential, cancelOf, judgeAll, pathOf, probes } from "../service/probes.js";
import { startReferenceService } from "../service/reference-service.js";
import { checkCanary, type Judges, makeJudges, schemaOf, serviceCheckNames } from "../service/service-checks.js";
import { specChecks } from "../spec/spec-checks.js";
import { proposeAction } from "./propose.js";
import { type Judged, summarize, toAnnotations, wordsOf, writeReport } from "./report.js";

const USAGE = `Usage: npm run contract [-- options]

  without --target or --replay: the contract itself, the embedded Prism mock, and the reference service
  --target <url>       a running service; key from AZURE_OPENAI_API_KEY, or token from AZURE_OPENAI_AD_TOKEN
  --cancel <id>        with --target: also cancels this job, once, for real; may be given again
  --replay <folder>    recorded answers, with no network
  --record <folder>    keeps each exchange there, masked
  --report <folder>    writes contract.xml (JUnit) and contract.json there
  --strict             known drift fails too
  --propose-overlay    prints overlay actions that would admit the violations
  --list               names the checks

Exits with 0, with 1 for a violation (or drift, with --strict), with 2 when it could not judge: a bad option, an
unreachable target, a refused key.`;

/** Where it prints. */
export interface Output {
  out(text: string): void;
  err(text: string): void;
}

/** A reason not to judge at all: exit code 2. */
class CannotJudge extends Error {}

/** The command. Resolves with its exit code. */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { out, err }: Output,
  root = process.cwd(),
): Promise<number> {
  try {
    const options = parse(args);
    if (options.help || options.list) {
      out(options.help ? USAGE : [...Object.keys(specChecks), ...serviceCheckNames].join("\n"));
      return 0;
    }
    const target =
      options.target === undefined ? undefined : { origin: checkTarget(options.target), credential: credentialOf(env) };
    const contract = await readContract(root);
    const judges = await makeJudges(contract);
    checkCanary(judges);
    const judged = await collect(options, target, contract, judges, out);
    const exchanges = judged.flatMap(({ exchange }) => exchange ?? []);
    const words = wordsOf(contract);
    if (options.record)
      writeRecordings(
        options.record,
        exchanges.map((exchange) => maskExchange(exchange, words)),
      );
    if (options.report) writeReport(options.report, judged, contract);
    out(summarize(judged, contract));
    if (env.GITHUB_ACTIONS === "true") for (const line of toAnnotations(judged)) out(line);
    if (options["propose-overlay"]) out(propose(judged, contract));
    const verdicts = new Set(judged.flatMap(({ findings }) => findings.map(({ verdict }) => verdict)));
    return verdicts.has("violation") || (options.strict && verdicts.has("known-drift")) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof ContractError || error instanceof CannotJudge)) throw error;
    err(error.message);
    return error instanceof ContractError ? 1 : 2;
  }
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        target: { type: "string" },
        cancel: { type: "string", multiple: true, default: [] },
        replay: { type: "string" },
        record: { type: "string" },
        report: { type: "string" },
        strict: { type: "boolean", default: false },
        "propose-overlay": { type: "boolean", default: false },
        list: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.target !== undefined && values.replay !== undefined)
      throw new Error("Give --target or --replay, not both.");
    if (values.cancel.length > 0 && values.target === undefined) throw new Error("--cancel goes with --target.");
    if (values.cancel.some((id) => ["", ".", ".."].includes(id))) throw new Error("--cancel takes the id of a job.");
    return values;
  } catch (error) {
    throw new CannotJudge(`${(error as Error).message}\n\n${USAGE}`);
  }
}

type Options = ReturnType<typeof parse>;

async function collect(
  options: Options,
  target: { origin: string; credential: Credential } | undefined,
  contract: Contract,
  judges: Judges,
  out: Output["out"],
): Promise<Judged[]> {
  if (options.replay !== undefined) {
    let exchanges: Exchange[];
    try {
      exchanges = readRecordings(options.replay);
    } catch (error) {
      throw new CannotJudge((error as Error).message);
    }
    if (exchanges.length === 0) throw new CannotJudge(`${options.replay} holds no recording.`);
    return judgeAll(options.replay, exchanges, judges);
  }
  if (!target)
    return [...judgeSpec(contract), ...(await judgePrism(contract, judges)), ...(await judgeReference(judges))];

  const { origin, credential } = target;
  const exchanges: Exchange[] = [];
  for (const probe of probes(credential)) {
    const exchange = await makeExchange(origin, probe);
    exchanges.push(exchange);
    if (probe.name !== "unknown job") continue;
    // The first probe tells whether there is anything to judge.
    const { answer } = exchange;
    if ("failure" in answer && exchanges.length === 1 && UNREACHABLE.test(answer.failure))
      throw new CannotJudge(`${origin} cannot be reached: ${answer.failure}.`);
    if ("status" in answer && (answer.status === 401 || answer.status === 403)) {
      throw new CannotJudge(
        `${origin} refuses the credential with ${answer.status}. Check AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN.`,
      );
    }
  }
  for (const id of options.cancel) {
    out(`Cancelling ${id} on ${origin}, for real.`);
    exchanges.push(await makeExchange(origin, cancelOf(id, credential)));
  }
  return judgeAll(origin, exchanges, judges);
}

/** Failures that come before a connection. */
const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO)/;

function checkTarget(target: string): string {
  let url: URL;
  try {
    url = new URL(target);
  } catch {
    throw new CannotJudge("--target is not a URL. It looks like https://my-resource.openai.azure.com.");
  }
  if (url.username || url.password) throw new CannotJudge("--target must hold no user name and no password.");
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && loopback))
    throw new CannotJudge("--target must be https; plain http is for loopback alone.");
  if (!/^\/*(openai\/*(v1\/*)?)?$/.test(url.pathname) || url.search || url.hash)
    throw new CannotJudge("--target must be an origin, without a path other than /openai/v1.");
  return url.origin;
}

function credentialOf({ AZURE_OPENAI_API_KEY: key, AZURE_OPENAI_AD_TOKEN: token }: NodeJS.ProcessEnv): Credential {
  const given = key || token;
  if (!given) throw new CannotJudge("No credential: set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN.");
  if (!/^[\x21-\x7e]+$/.test(given))
    throw new CannotJudge("The credential holds a space, a line break or another character that no credential has.");
  return key
    ? { name: "api-key", value: key, wrong: "not-the-key" }
    : { name: "authorization", value: `Bearer ${token}`, wrong: "Bearer not-the-token" };
}

function judgeSpec(contract: Contract): Judged[] {
  return Object.entries(specChecks).map(([name, check]) => ({ name, where: "contract", findings: check(contract) }));
}

/** Prism knows no jobs and takes any key, so it is asked for every example, and for what it refuses. */
async function judgePrism(contract: Contract, judges: Judges): Promise<Judged[]> {
  const prism = await startPrism(contract.documented);
  try {
    const jobId = "ftjob-abc123";
    const key = { "api-key": "no-real-key" };
    const ask = (name: string, method: string, headers: Record<string, string>, expect: Probe["expect"]) =>
      makeExchange(prism.url, { name, method, path: pathOf(jobId), headers, expect, jobId });
    const exchanges: Exchange[] = [];
    for (const { example, status } of responseExamples(contract.documented)) {
      exchanges.push(await ask(example, "POST", { ...key, prefer: `code=${status}, example=${example}` }, "any"));
    }
    exchanges.push(await ask("no key", "POST", {}, [401]));
    return judgeAll("prism", exchanges, judges);
  } finally {
    await prism.close();
  }
}

async function judgeReference(judges: Judges): Promise<Judged[]> {
  const service = await startReferenceService();
  try {
    const exchanges: Exchange[] = [];
    for (const credential of [
      { name: "api-key", value: service.apiKey, wrong: "not-the-key" },
      { name: "authorization", value: `Bearer ${service.token}`, wrong: "Bearer not-the-token" },
    ]) {
      for (const probe of probes(credential)) exchanges.push(await makeExchange(service.url, probe));
      for (const id of Object.values(service.jobs))
        exchanges.push(await makeExchange(service.url, cancelOf(id, credential)));
    }
    return judgeAll("reference service", exchanges, judges);
  } finally {
    await service.close();
  }
}

function propose(judged: readonly Judged[], contract: Contract): string {
  const proposals = judged.flatMap(({ exchange, findings }) =>
    !exchange || "failure" in exchange.answer
      ? []
      : findings
          .filter(({ verdict, check }) => verdict === "violation" && check === "body")
          .map((finding) => {
            const answered = exchange.answer as Answered;
            return proposeAction(finding, schemaOf(answered), bodyOf(answered), contract);
          }),
  );
  const actions = new Map(
    proposals.filter((each) => typeof each !== "string").map((each) => [JSON.stringify(each), each]),
  );
  const notes = new Set(proposals.filter((each) => typeof each === "string"));
  return [
    "",
    actions.size === 0
      ? "No overlay action to propose."
      : `# Proposed for the end of observed.overlay.yaml:\n${stringify([...actions.values()], { lineWidth: 0 })}`.trimEnd(),
    ...[...notes].map((note) => `# ${note}`),
  ].join("\n");
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href.endsWith("/command/contract.ts")) {
  main(process.argv.slice(2), process.env, {
    out: (text) => console.log(text),
    err: (text) => console.error(text),
  }).then((code) => {
    process.exitCode = code;
  });
}
