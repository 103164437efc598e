/** Runs the checks on a running service. */
import { setTimeout as wait } from "node:timers/promises";
import { isCancelled } from "../../src/index.js";
import { retryAfterMs } from "../../src/retry.js";
import { shallow } from "../service/body.js";
import { printable } from "../service/describe.js";
import {
  bodyOf,
  type Exchange,
  isAnswered,
  makeExchange,
  type Probe,
  type RecordedResponse,
  UNFINISHED,
  unanswered,
} from "../service/exchange.js";
import { cancelProbe, createProbes } from "../service/probes.js";
import { checkExchanges, type Result, stateOf } from "../service/service-checks.js";
import type { Validators } from "../service/validators.js";
import { CannotCheck } from "./options.js";
import type { Target } from "./target.js";

/**
 * `keep` is called with the exchanges before and after each request that cancels a job, so that no run that ends early loses
 * them. Throws {@link CannotCheck} for a service that cannot be reached, refuses the credential, or has no such operation.
 */
export async function judgeTarget(
  { endpoint, credential }: Target,
  cancel: readonly string[],
  validators: Validators,
  out: (text: string) => void,
  keep: (exchanges: readonly Exchange[]) => void,
): Promise<Result[]> {
  const [first, ...others] = createProbes(credential) as [Probe, ...Probe[]];
  const exchanges = [await askPolitely(endpoint, first)];
  checkReachable(exchanges[0] as Exchange);
  for (const probe of others) exchanges.push(await askPolitely(endpoint, probe));
  checkOffersOperation(endpoint, exchanges);
  for (const id of cancel) {
    const probe = cancelProbe(id, credential);
    keep([...exchanges, unanswered(endpoint, probe)]);
    out(`Cancelling ${printable(id)} on ${endpoint}, for real.`);
    const exchange = await cancelJob(endpoint, probe, out);
    out(`${printable(id)} ${stateAfter(exchange, validators)}.`);
    exchanges.push(exchange);
    keep(exchanges);
  }
  return checkExchanges(endpoint, exchanges, validators);
}

/** Cancels a job. When the process ends meanwhile, by a signal for instance, it says that this is open. */
async function cancelJob(endpoint: string, probe: Probe, out: (text: string) => void): Promise<Exchange> {
  const sayOpen = () => out(`${printable(probe.jobId)} may have been cancelled: ${UNFINISHED}.`);
  process.once("exit", sayOpen);
  const exchange = await makeExchange(endpoint, probe);
  process.off("exit", sayOpen);
  return exchange;
}

const MOST_ATTEMPTS = 3;
/** The longest wait before a probe is sent again, in ms. */
const MOST_WAIT_MS = 10_000;
/** The wait when the service names none, in ms. */
const USUAL_WAIT_MS = 1_000;

/** Sends a probe again, after the time that the service names, while it answers 429 or 503. A probe changes nothing. */
async function askPolitely(endpoint: string, probe: Probe): Promise<Exchange> {
  for (let attempt = 1; ; attempt++) {
    const exchange = await makeExchange(endpoint, probe);
    if (attempt === MOST_ATTEMPTS || !isAnswered(exchange)) return exchange;
    const { status, headers, echoesCredential } = exchange.response;
    // An answer with the credential in it must not be lost.
    if (![429, 503].includes(status) || echoesCredential) return exchange;
    const ms = retryAfterMs((name) => headers[name]) ?? USUAL_WAIT_MS;
    if (ms > MOST_WAIT_MS) return exchange;
    await wait(ms);
  }
}

/** Failures before a connection is there. */
const UNREACHABLE =
  /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO)/;

/** The first exchange, which has the right credential, shows whether there is a service to check. */
function checkReachable(exchange: Exchange): void {
  const { endpoint, response } = exchange;
  if ("failure" in response && UNREACHABLE.test(response.failure))
    throw new CannotCheck(`${endpoint} cannot be reached: ${response.failure}.`);
  if (isAnswered(exchange) && [401, 403].includes(exchange.response.status))
    throw new CannotCheck(
      `${endpoint} refuses the credential with ${exchange.response.status}. Check AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN.${leakIn([exchange])}`,
    );
}

/** A sentence more when an answer contains the credential, for a run that has no verdict. */
function leakIn(exchanges: readonly Exchange[]): string {
  const isLeaked = exchanges.some((exchange) => isAnswered(exchange) && exchange.response.echoesCredential);
  return isLeaked ? " An answer contains the credential." : "";
}

/**
 * A service with the operation answers the probes in different ways, and not with web pages. Too many requests (429) say
 * nothing about what is there.
 */
function checkOffersOperation(endpoint: string, exchanges: readonly Exchange[]): void {
  const responses = exchanges.filter(isAnswered).map(({ response }) => response);
  const [first] = responses;
  if (!first || responses.length < exchanges.length || first.status === 429) return;
  const isSame = new Set(responses.map(shapeOf)).size === 1 && !isJob(first);
  const isPage = (first.status === 404 && isHtml(first)) || responses.every(isHtml);
  if (!isSame && !isPage) return;
  const answer = `${first.status}${isHtml(first) ? " and a web page" : ""}`;
  const what = isSame
    ? `every request was answered in the same way, with ${answer}`
    : `a request was answered with ${answer}`;
  throw new CannotCheck(
    `Nothing at ${endpoint} offers the operation: ${what}. An endpoint looks like https://my-resource.openai.azure.com, or like https://gateway.example.com/base/path for a gateway.${leakIn(exchanges)}`,
  );
}

function isHtml({ headers, text }: RecordedResponse): boolean {
  return /^text\/html\b/i.test(headers["content-type"] ?? "") || /^\s*<(!doctype|html)\b/i.test(text);
}

function isJob(response: RecordedResponse): boolean {
  return (bodyOf(response) as { object?: unknown } | null | undefined)?.object === "fine_tuning.job";
}

/** The status, and the body without what differs from one request to the next: ids, times, words for a person. */
function shapeOf(response: RecordedResponse): string {
  const hide = (_: string, value: unknown) => {
    if (typeof value === "number") return 0;
    return typeof value === "string" && !/^(\d{3}|[a-z_]+)$/i.test(value) ? "" : value;
  };
  return [response.status, response.headers["content-type"], JSON.stringify(shallow(bodyOf(response)), hide)].join(
    "\n",
  );
}

/** What is known of a job after the request to cancel it, to follow its id in a sentence. */
function stateAfter(exchange: Exchange, { accepted }: Validators): string {
  if (!isAnswered(exchange)) return "may have been cancelled: no complete response came back";
  const { probe, response } = exchange;
  const state = response.status === 200 ? stateOf(probe.jobId, response, accepted) : undefined;
  if (state === undefined)
    return `has an unknown status: the request to cancel it was answered with ${response.status}`;
  return isCancelled({ status: state }) ? "is cancelled" : `is ${state}, not cancelled`;
}
