/** Gateways in front of the reference service, correct and incorrect, each with the verdict that a run must come to. */
import type { IncomingMessage } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { API_KEY, type Misbehaviour, type ReferenceResponse } from "../service/reference-service.js";

export interface Gateway {
  /** What it does. */
  readonly name: string;
  readonly change: NonNullable<Misbehaviour["change"]>;
  /** Whether a queued job is cancelled too. */
  readonly cancel?: boolean;
  /** The key that is sent, where it is not the reference service's own. The gateway then accepts it. */
  readonly key?: string;
  readonly exit: 0 | 1 | 2;
  /** Part of what is printed; for a violation, with the check that found it in brackets. */
  readonly says: RegExp;
}

type Change = Partial<ReferenceResponse> | ((response: ReferenceResponse) => Partial<ReferenceResponse>);
type Kind = "cancel" | "no key" | "wrong key" | "wrong method" | "unknown job" | "any";

function kindOf({ method, headers }: IncomingMessage, { status }: ReferenceResponse): Kind {
  if (method === "GET") return "wrong method";
  if (!headers["api-key"]) return "no key";
  if (status === 401) return "wrong key";
  return status === 200 ? "cancel" : "unknown job";
}

/** Changes the answers to one kind of request. */
const at =
  (kind: Kind, change: Change): Gateway["change"] =>
  (response, request) =>
    kind === "any" || kindOf(request, response) === kind
      ? { ...response, ...(typeof change === "function" ? change(response) : change) }
      : response;

const withHeaders = (more: ReferenceResponse["headers"]) => (response: ReferenceResponse) => ({
  headers: { ...response.headers, ...more },
});
const withMembers =
  (members: object) =>
  ({ body }: ReferenceResponse) => ({
    body: JSON.stringify({ ...JSON.parse(body), ...members }),
  });
const typed = (type: string, body: string) => ({ headers: { "content-type": type }, body });
const PAGE = typed("text/html; charset=utf-8", "<!doctype html><title>Front end</title>");
const SWITCH = { status: 101, headers: { upgrade: "websocket", connection: "upgrade" }, body: "" };
const EMPTY = { headers: { "content-length": "0" }, body: "" };

/** What a cancel is answered with, when the answer is not the cancelled job. */
function* cancelRows(): Iterable<Gateway> {
  const row = (name: string, change: Change, exit: Gateway["exit"], says: RegExp): Gateway => ({
    ...{ name, change: at("cancel", change), cancel: true, exit, says },
  });
  yield row("cancels the job", {}, 0, /ftjob-queued is cancelled\./);
  yield row(
    "spells it canceled",
    withMembers({ status: "canceled" }),
    0,
    /ftjob-queued is cancelled\.[\s\S]*with one l/,
  );
  for (const status of [401, 403, 404, 405, 411, 415, 429, 500, 501, 502, 503, 999]) {
    const body = '{"error":{"code":"no","message":"No."}}';
    const says = new RegExp(`has an unknown status: .* ${status}\\.[\\s\\S]*returned ${status}; 200 .*\\[cancelled]`);
    yield row(`answers a cancel with ${status}`, { status, body }, 1, says);
  }
  for (const status of [400, 409])
    yield row(
      `answers a cancel with ${status}`,
      { status, body: "{}" },
      2,
      /^Not verified: no violation, 1 not verified, .*\n\nNot verified: 1\n.*\[cancelled]/m,
    );
  for (const status of ["validating_files", "queued", "running", "succeeded", "failed", "paused"])
    yield row(
      `says that the job is ${status}`,
      withMembers({ status }),
      1,
      new RegExp(`ftjob-queued is ${status}, not cancelled\\.[\\s\\S]*\\[cancelled]`),
    );
  yield row(
    "sends the job as a problem",
    withHeaders({ "content-type": "application/problem+json" }),
    1,
    /The media type application\/problem\+json is not in the contract \[prism]/,
  );
  // Names that masking leaves as they are.
  const metadata = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`${index}x`, index]));
  yield row(
    "sends many values of the wrong type in metadata",
    withMembers({ metadata }),
    1,
    /^Violation: 1 violation, .*\n\nViolations: 1\n {2}\/metadata\/<name, 2 characters> expected string/m,
  );
  yield row("says that the job has a new status", withMembers({ status: "gone" }), 1, /unknown status[\s\S]*\[body]/);
  yield row("accepts a cancel with 202", { status: 202 }, 1, /\[cancelled]/);
  const another = /ftjob-queued has an unknown status: [\s\S]*\[same-job]/;
  yield row("answers with another job", withMembers({ id: "ftjob-other" }), 1, another);
  const one = (what: string) =>
    new RegExp(`unknown status: [\\s\\S]*^Violation: 1 violation, no known drift [\\s\\S]*${what}`, "m");
  yield row("answers with a job without an id", withMembers({ id: undefined }), 1, one("/id .* got absent \\[body]"));
  for (const [what, answer] of Object.entries({ "a web page": PAGE, nothing: EMPTY, text: { body: "No." } }))
    yield row(`answers a cancel with ${what}`, answer, 1, one("not JSON \\[body]"));
  yield row("answers a cancel with a list", { body: "[]" }, 1, one("expected object, got array \\[body]"));
  yield row("redirects a cancel", { status: 307 }, 1, /\[redirect]/);
  yield row(
    "switches protocols when a job is cancelled",
    SWITCH,
    1,
    /has an unknown status: .* 101\.[\s\S]*returned 101; 200 .*\[cancelled]/,
  );
}

/** Answers that clients read in different ways. */
function* formRows(): Iterable<Gateway> {
  const bad = (name: string, kind: Kind, change: Change, check: string): Gateway => ({
    ...{ name, change: at(kind, change), cancel: true, exit: 1, says: new RegExp(`\\[${check}]`) },
  });
  const bytes =
    (make: (body: string) => Uint8Array, headers = {}) =>
    (response: ReferenceResponse) => ({
      bytes: make(response.body),
      headers: { ...response.headers, ...headers },
    });
  const latin1 = (body: string) => Buffer.from(body.replace("search", "\u00e9"), "latin1");
  const json = (parameter: string) => withHeaders({ "content-type": `application/json; ${parameter}` });
  yield bad(
    "sends a member twice",
    "cancel",
    ({ body }) => ({ body: body.replace("{", '{"status":"running",') }),
    "unique-members",
  );
  yield bad(
    "sends a member of an error twice",
    "no key",
    { body: '{"error":{"code":"1","code":"2"}}' },
    "unique-members",
  );
  yield bad("sends invalid UTF-8", "cancel", bytes(latin1), "encoding");
  yield bad(
    "sends a byte order mark",
    "cancel",
    bytes((body) => Buffer.from(`\ufeff${body}`)),
    "encoding",
  );
  yield bad(
    "sends Latin-1 and says so",
    "cancel",
    (all) => ({ ...bytes(latin1)(all), ...json("charset=iso-8859-1")(all) }),
    "encoding",
  );
  yield bad("says that UTF-8 is UTF-16", "cancel", json("charset=utf-16"), "encoding");
  yield bad("says gzip and does not compress", "cancel", withHeaders({ "content-encoding": "gzip" }), "encoding");
  for (const name of ["retry-after", "apim-request-id", "x-request-id", "content-type"])
    yield bad(`sends ${name} twice`, "unknown job", withHeaders({ [name]: ["1", "2"] }), "repeated-headers");
  yield bad(
    "sends a list of media types",
    "cancel",
    withHeaders({ "content-type": "application/json, application/json" }),
    "headers",
  );
  for (const value of [
    "soon",
    "Tue, 31 Feb 2026 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "2026-11-25",
    "-1",
    "99999999999",
  ])
    yield bad(`sends retry-after: ${value}`, "unknown job", withHeaders({ "retry-after": value }), "headers");
  for (const value of ["soon", "-1", "1e3", "99999999999999"])
    yield bad(
      `sends x-ms-retry-after-ms: ${value}`,
      "unknown job",
      withHeaders({ "x-ms-retry-after-ms": value }),
      "headers",
    );
  for (const name of ["created_at", "finished_at", "estimated_finish"])
    for (const value of [1_763_900_000_000, -1])
      yield bad(`sends ${name}: ${value}`, "cancel", withMembers({ [name]: value }), "times");
}

/** Bodies that are nested deeper than a recursive function can go. */
function* deepRows(): Iterable<Gateway> {
  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  const objects = `${'{"id":'.repeat(50_000)}{"id":1,"id":2}${"}".repeat(50_000)}`;
  const row = (where: string, kind: Kind, change: Change, exit: Gateway["exit"], says: RegExp): Gateway => ({
    ...{ name: `sends a deep body: ${where}`, change: at(kind, change), cancel: true, exit, says },
  });
  const first = (value: string) => (response: ReferenceResponse) => ({
    body: response.body.replace("{", `{"unknown":${value},`),
  });
  yield row("lists in every answer", "any", first(deep), 0, /^Good: no violation, /m);
  yield row("lists in every answer, which is the same", "any", { status: 404, body: deep }, 2, /^Nothing at /);
  yield row("lists in place of the job", "cancel", { body: deep }, 1, /expected object, got array \[body]/);
  yield row("lists in metadata", "cancel", ({ body }) => ({ body: body.replace('"search"', deep) }), 1, /\[body]/);
  yield row("objects", "cancel", first(objects), 1, /\/<name, 7 characters>\/id\/id.* comes twice .*\[unique-members]/);
}

/** A key with characters that have more than one spelling. */
const KEY = 'key/with"quote+7f3a9c';

function* echoRows(): Iterable<Gateway> {
  const row = (where: string, change: Change, kind: Kind = "cancel"): Gateway => ({
    name: `echoes the key in ${where}`,
    ...{ change: at(kind, change), cancel: true, key: KEY, exit: 1, says: /\[credential-echo]/ },
  });
  for (const kind of ["unknown job", "wrong key", "no key", "wrong method"] as const) {
    const error = JSON.stringify({ error: { code: "no", message: `${KEY} was expected.` } });
    yield row(`the answer to ${kind}`, { body: error }, kind);
    yield row(`the media type of the answer to ${kind}`, withHeaders({ "content-type": `a/b; c=${KEY}` }), kind);
  }
  let count = 0;
  const busy = withHeaders({ "retry-after": "0", "x-debug": KEY });
  yield row("an answer that asks to wait", (all) => (count++ ? {} : { status: 429, ...busy(all) }), "no key");
  const missing = { status: 404, ...typed("text/plain", KEY) };
  yield {
    ...row("every answer", missing, "any"),
    exit: 2,
    says: /^Nothing at .* An answer contains the credential\.$/,
  };
  yield row("the body, escaped as JSON", withMembers({ user_provided_suffix: KEY }));
  yield row("the body, percent-encoded", withMembers({ user_provided_suffix: encodeURIComponent(KEY) }));
  yield row("a header", withHeaders({ "x-debug": KEY }));
  yield row("the reason phrase", { reason: `OK ${KEY}` });
  yield row("a trailer", { trailers: { "x-debug": KEY } });
  yield row("a compressed body", ({ body, headers }) => ({
    bytes: gzipSync(body.replace("search", encodeURIComponent(KEY))),
    headers: { ...headers, "content-encoding": "gzip" },
  }));
  for (const key of ["key", "test", "queued"])
    yield {
      name: `has the key "${key}", which occurs in ordinary words`,
      ...{
        change: at("any", withHeaders({ "x-words": "monkeys tested and queued" })),
        cancel: true,
        key,
        exit: 0 as const,
      },
      says: /^Good: no violation, no known drift /m,
    };
}

/** What is unusual, and right or known. */
function* honestRows(): Iterable<Gateway> {
  const good = (name: string, kind: Kind, change: Change, says = /^Good: no violation, no known drift /m): Gateway => ({
    ...{ name, change: at(kind, change), cancel: true, exit: 0, says },
  });
  const packed = (coding: string, pack: (body: string) => Uint8Array) => (response: ReferenceResponse) => ({
    bytes: pack(response.body),
    headers: { ...response.headers, "content-encoding": coding },
  });
  yield good("compresses with gzip, unasked", "any", packed("gzip", gzipSync));
  yield good("compresses with deflate, unasked", "any", packed("deflate", deflateSync));
  yield good("compresses with br, unasked", "any", packed("br", brotliCompressSync));
  const parameters = "charset=utf-8; odata.metadata=minimal; IEEE754Compatible=false; api-version=2025-01-01-preview";
  for (const parameter of [parameters, "profile=a*b", "charset=utf-8; x=it's", 'a="b; c"'])
    yield good(
      `has the parameter ${parameter}`,
      "any",
      withHeaders({ "content-type": `application/json; ${parameter}` }),
    );
  yield good("asks to wait for 0 s in many digits", "unknown job", withHeaders({ "retry-after": "0".repeat(99) }));
  yield good("names the charset", "any", withHeaders({ "content-type": "application/json; charset=UTF-8" }));
  const front = /^Known drift: no violation, 1 known drift .*\n\nKnown drift: 1\n.*status (401|405|502).*front ends/m;
  yield good(
    "answers 405 with allow and no body",
    "wrong method",
    { headers: { allow: "POST", "content-length": "0" }, body: "" },
    front,
  );
  yield good("answers 401 without a body", "no key", { headers: { "www-authenticate": "Bearer" }, body: "" }, front);
  yield good("answers 401 in plain text", "wrong key", typed("text/plain", "Unauthorized"), front);
  const dates = ["Wed, 25 Nov 2026 00:00:00 GMT", "Wednesday, 25-Nov-26 00:00:00 GMT", "Wed Nov 25 00:00:00 2026"];
  for (const value of dates)
    yield good(
      `sends retry-after: ${value}`,
      "unknown job",
      withHeaders({ "retry-after": value, date: dates[0] as string }),
    );
  yield good(
    "sends times in Unix seconds",
    "cancel",
    withMembers({ finished_at: 1_763_900_100 }),
    /^Known drift: no violation, 1 known drift /m,
  );
  yield good(
    "refuses everything in the same words",
    "any",
    ({ status }) => (status === 200 ? {} : { body: '{"error":{"message":"No."}}' }),
    /^(Good|Known drift): no violation/m,
  );
  const bad = (name: string, kind: Kind, change: Change): Gateway => ({
    ...{ name, change: at(kind, change), exit: 1, says: /^Violation: 1 violation, no known drift /m },
  });
  yield bad("names no media type", "any", ({ headers: { "content-type": _, ...headers } }) => ({ headers }));
  yield bad("answers 404 with a body of text", "unknown job", typed("text/plain", "Not found"));
  yield bad("answers 404 without a body", "unknown job", EMPTY);
  yield bad("answers 405 in plain text", "wrong method", typed("text/plain", "No."));
  for (const body of ["\n", "  ", "\n <p>"]) {
    yield bad(`answers 405 with ${JSON.stringify(body)} in plain text`, "wrong method", typed("text/plain", body));
    yield bad(`answers 401 with ${JSON.stringify(body)} as JSON`, "no key", typed("application/json", body));
  }
  for (const type of ["json", "application/json; a", "a b/json", "text/<json>", "é/json", "a/b; json"])
    yield bad(`answers 404 with the media type ${type}`, "unknown job", withHeaders({ "content-type": type }));
  yield bad("answers 401 with a web page", "no key", PAGE);
  yield bad("answers 404 with a problem", "unknown job", typed("application/problem+json", '{"title":"Not found"}'));
}

/** Probes that are answered with "not now". */
function* busyRows(): Iterable<Gateway> {
  const busy = (status: number, kind: Kind, times: number, wait: ReferenceResponse["headers"]): Gateway["change"] => {
    let left = times;
    return at(kind, (response) => {
      if (left-- <= 0) return {};
      return { status, body: '{"error":{"code":"busy"}}', headers: { ...response.headers, ...wait } };
    });
  };
  const soon = { "retry-after": "0" };
  for (const status of [429, 503])
    for (const kind of ["unknown job", "no key", "wrong key", "wrong method"] as const)
      yield {
        name: `answers ${status} once to ${kind}`,
        change: busy(status, kind, 1, soon),
        exit: 0,
        says: /^Good: no violation, no known drift /m,
      };
  const twice = busy(503, "no key", 2, { "retry-after-ms": "1" });
  yield { name: "answers 503 twice to no key", change: twice, exit: 0, says: /^Good: no violation, no known drift /m };
  const always = busy(503, "no key", 99, soon);
  yield { name: "always answers 503 to no key", change: always, exit: 1, says: /\[server-error]/ };
  const limited = /^Not verified: no violation, 1 not verified, .*\n\nNot verified: 1\n.*429.*\[expected-status]/m;
  const limit = busy(429, "wrong key", 99, soon);
  yield { name: "always answers 429 to a wrong key", change: limit, exit: 2, says: limited };
  const patient = busy(429, "wrong key", 1, { "retry-after": "3600" });
  yield { name: "asks to wait for an hour", change: patient, exit: 2, says: limited };
  const all = busy(429, "any", 99, soon);
  yield {
    name: "answers 429 to everything",
    change: all,
    exit: 2,
    says: /^Not verified: no violation, 1 not verified, .*\n\nNot verified: 1\n.*429.*\n {4}in 4, first in /m,
  };
}

/** Addresses where the operation is not. */
function* otherRows(): Iterable<Gateway> {
  const row = (name: string, change: Change, kind: Kind = "any"): Gateway => ({
    ...{ name, change: at(kind, change), cancel: true, exit: 2 },
    says: /^Nothing at http:\/\/127\S+ offers the operation: .* An endpoint looks like https:\/\/my-resource\.[^\n]*$/,
  });
  yield row("answers everything with 404 and a web page", { status: 404, ...PAGE });
  yield row("answers everything with 200 and a web page", { status: 200, ...PAGE });
  yield row("answers everything with 404 and no body", { status: 404, ...EMPTY });
  yield row("answers everything with 404 and an error", {
    status: 404,
    body: '{"error":{"code":"404","message":"No."}}',
  });
  yield row("answers everything with 500", { status: 500, body: '{"error":{"code":"500"}}' });
  yield row("switches protocols whatever is asked", SWITCH);
  yield row("redirects everything", { status: 301, headers: { location: "https://example.com" }, body: "" });
  yield row("answers 404 with a web page to what has a key", { status: 404, ...PAGE }, "unknown job");
  yield row("answers everything with web pages", ({ status }) => ({ status: status === 404 ? 403 + 2 : 404, ...PAGE }));
  let count = 0;
  const numbered = () => ({ status: 404, body: `{"error":{"code":"404","message":"No.","trace":"id ${++count}"}}` });
  yield row("answers everything with 404 and an id of the request", numbered);
}

export const gateways: readonly Gateway[] = [
  ...cancelRows(),
  ...formRows(),
  ...deepRows(),
  ...echoRows(),
  ...honestRows(),
  ...busyRows(),
  ...otherRows(),
];

export const keyOf = ({ key = API_KEY }: Gateway): string => key;
