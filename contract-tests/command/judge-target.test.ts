/** What a running service is asked, how often, and what it takes to have no verdict. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import timers from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Violation } from "../../src/violations.js";
import type { Exchange, Probe } from "../service/exchange.js";
import { keyCredential } from "../service/probes.js";
import type { Layer, Validators } from "../service/validators.js";
import { judgeTarget } from "./judge-target.js";
import { CannotCheck } from "./options.js";

const waits: number[] = [];

interface Answer {
  readonly status: number;
  readonly body?: string | object;
  readonly headers?: Record<string, string>;
}
const error = (code: string, message = "No."): Answer => ({ status: Number(code), body: { error: { code, message } } });
const ok = {
  unknown: error("404"),
  wrong: error("401"),
  none: error("401"),
  method: error("405"),
  cancel: { status: 200, body: { id: "ftjob-1", object: "fine_tuning.job", status: "cancelled" } },
} satisfies Record<Kind, Answer>;
type Kind = "unknown" | "wrong" | "none" | "method" | "cancel";

let server: Server;
let endpoint: string;
/** What is answered to each kind of request: an answer, or one after the other. */
let answers: Record<Kind, Answer | readonly Answer[]>;
let asked: Kind[];
beforeEach(async () => {
  [answers, asked] = [ok, []];
  waits.length = 0;
  jest.spyOn(timers, "setTimeout").mockImplementation((async (ms: number) => void waits.push(ms)) as never);
  server = createServer(({ method, url, headers }, response) => {
    const kind = kindOf(method, url ?? "", headers["api-key"]);
    const {
      status,
      body = "",
      headers: sent = {},
    } = [answers[kind]].flat()[asked.filter((each) => each === kind).length] ??
    ([answers[kind]].flat().at(-1) as Answer);
    asked.push(kind);
    if (status === 0) return response.destroy();
    const type = typeof body === "string" ? "text/plain" : "application/json";
    response.writeHead(status, { "content-type": type, ...sent });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  jest.restoreAllMocks();
  server.close();
  await once(server, "close");
});

function kindOf(method: string | undefined, url: string, key: unknown): Kind {
  if (method === "GET") return "method";
  if (key === undefined) return "none";
  if (key === "not-the-key") return "wrong";
  return url.includes("ftjob-contract") ? "unknown" : "cancel";
}

const layer = (violations: readonly Violation[] = []): Layer => ({
  violationsOf: () => violations,
  prismDiagnosticsOf: async () => [],
});
const validators = (accepted = layer()): Validators => ({
  documented: layer(),
  accepted,
  admittingAction: async () => "",
});

async function judge(changed: Partial<typeof answers> = {}, cancel: readonly string[] = [], using = validators()) {
  answers = { ...ok, ...changed };
  const said: string[] = [];
  const kept: string[][] = [];
  const keep = (exchanges: readonly Exchange[]) =>
    kept.push(exchanges.map(({ response }) => ("failure" in response ? response.failure : `${response.status}`)));
  const target = { endpoint, credential: keyCredential("the-right-key") };
  const results = await judgeTarget(target, cancel, using, (text) => said.push(text), keep);
  return { results, said, kept };
}
const all = (answer: Answer) => ({ unknown: answer, wrong: answer, none: answer, method: answer });
/** Why there is no verdict. */
async function refusal(changed: Partial<typeof answers>): Promise<string> {
  const thrown = await judge(changed).catch((error) => error);
  expect(thrown).toBeInstanceOf(CannotCheck);
  return thrown.message;
}

test("four probes are asked, then each job is cancelled, once, after saying so", async () => {
  const second = { ...ok.cancel, body: { id: "ftjob-2", status: "canceled" } };
  const { results, said } = await judge({ cancel: [ok.cancel, second] }, ["ftjob-1", "ftjob-2"]);
  expect(asked).toEqual(["unknown", "wrong", "none", "method", "cancel", "cancel"]);
  expect(results.map(({ name, where }) => [name, where])).toEqual(
    ["unknown job", "wrong key", "no key", "wrong method", "cancel ftjob-1", "cancel ftjob-2"].map((name) => [
      name,
      endpoint,
    ]),
  );
  expect(said).toEqual([
    `Cancelling ftjob-1 on ${endpoint}, for real.`,
    "ftjob-1 is cancelled.",
    `Cancelling ftjob-2 on ${endpoint}, for real.`,
    "ftjob-2 is cancelled.",
  ]);
  expect(waits).toEqual([]);
});

test("what was asked is kept before and after each request that cancels a job", async () => {
  const { kept } = await judge({}, ["ftjob-1", "ftjob-2"]);
  const probes = ["404", "401", "401", "405"];
  const pending = "the run ended before a response came";
  expect(kept).toEqual([
    [...probes, pending],
    [...probes, "200"],
    [...probes, "200", pending],
    [...probes, "200", "200"],
  ]);
  expect((await judge()).kept).toEqual([]);
});

test("half a character in an id is sent as a character", async () => {
  expect((await judge({}, ["\ud800"])).results).toHaveLength(5);
});

describe("a probe is sent again, with the wait that the service asks for", () => {
  const busy = (status: number, headers = {}): Answer => ({ ...error(`${status}`), headers });

  test.each([429, 503])("after %i, at most twice", async (status) => {
    await judge({ unknown: [busy(status, { "retry-after-ms": "5" }), ok.unknown], none: busy(status) });
    expect(asked).toEqual(["unknown", "unknown", "wrong", "none", "none", "none", "method"]);
    expect(waits).toEqual([5, 1_000, 1_000]);
  });

  test.each([500, 404, 408])("not after %i", async (status) => {
    await judge({ method: busy(status, { "retry-after-ms": "5" }) });
    expect(asked).toEqual(["unknown", "wrong", "none", "method"]);
  });

  test.each([
    [10_000, [10_000, 10_000]],
    [10_001, []],
  ])("not when it asks for more than 10 s: %i ms", async (ms, expected) => {
    await judge({ method: busy(503, { "retry-after-ms": `${ms}` }) });
    expect(waits).toEqual(expected);
  });

  test.each([429, 503])("not after %i with the credential in it", async (status) => {
    await judge({ none: busy(status, { "x-debug": "the-right-key" }) });
    expect(asked).toEqual(["unknown", "wrong", "none", "method"]);
  });

  test("a job is cancelled once, whatever comes back", async () => {
    await judge({ cancel: busy(503) }, ["ftjob-1"]);
    expect(asked.filter((kind) => kind === "cancel")).toHaveLength(1);
  });
});

describe("no verdict", () => {
  test.each([401, 403])("the right key is refused with %i", async (status) => {
    expect(await refusal({ unknown: error(`${status}`) })).toBe(
      `${endpoint} refuses the credential with ${status}. Check AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN.`,
    );
    expect(asked).toEqual(["unknown"]);
  });

  test("the right key is refused, and comes back", async () => {
    expect(await refusal({ unknown: error("401", "the-right-key is wrong") })).toMatch(
      / Check AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN\. An answer contains the credential\.$/,
    );
  });

  test("nobody is there", async () => {
    const target = { endpoint: "http://127.0.0.1:1", credential: keyCredential("the-right-key") };
    await expect(
      judgeTarget(
        target,
        [],
        validators(),
        () => {},
        () => {},
      ),
    ).rejects.toThrow(new CannotCheck("http://127.0.0.1:1 cannot be reached: ECONNREFUSED."));
  });

  describe("by how the first connection failed:", () => {
    let judgeFailing: typeof judgeTarget;
    let failure: string;
    beforeAll(async () => {
      jest.resetModules();
      jest.doMock("../service/exchange.js", () => ({
        ...(jest.requireActual("../service/exchange.js") as object),
        makeExchange: async (at: string, { headers: _, ...probe }: Probe) => ({
          probe,
          requestHeaders: {},
          endpoint: at,
          response: { failure },
        }),
      }));
      judgeFailing = (await import("./judge-target.js")).judgeTarget;
    });
    const run = async (how: string) => {
      failure = how;
      return judgeFailing(
        { endpoint: "https://a.example", credential: keyCredential("k") },
        [],
        validators(),
        () => {},
        () => {},
      );
    };

    test.each(
      "ECONNREFUSED ENOTFOUND EAI_AGAIN EHOSTUNREACH ENETUNREACH ETIMEDOUT CERT_HAS_EXPIRED DEPTH_ZERO_SELF_SIGNED_CERT SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_VERIFY_LEAF_SIGNATURE ERR_TLS_CERT_ALTNAME_INVALID ERR_SSL_WRONG_VERSION_NUMBER EPROTO".split(
        " ",
      ),
    )("%s: nobody was reached", async (how) => {
      await expect(run(how)).rejects.toThrow(`https://a.example cannot be reached: ${how}.`);
    });

    test.each(["ECONNRESET", "EPIPE", "no response within 30000 ms", "the body was cut off (read ETIMEDOUT)"])(
      "%s: somebody was, and the verdict is a violation",
      async (how) => {
        expect((await run(how)).flatMap(({ findings }) => findings.map(({ check }) => check))).toEqual(
          Array(4).fill("answered"),
        );
      },
    );
  });

  test.each([
    ["the same error", all(error("404")), "404"],
    [
      "the same error, with other ids, times and words",
      {
        ...all({ status: 404, body: { error: { code: "404", message: "Request 1 failed" }, at: 1 } }),
        method: { status: 404, body: { error: { code: "404", message: "Request 2 failed" }, at: 2 } },
      },
      "404",
    ],
    ["the same text", all({ status: 200, body: "Hello" }), "200"],
    ["the same web page", all({ status: 200, body: " <!DOCTYPE html>" }), "200 and a web page"],
    [
      "the same page, by its media type",
      all({ status: 200, body: "a", headers: { "content-type": "Text/HTML; a=b" } }),
      "200 and a web page",
    ],
  ])("every request gets %s", async (_, changed, answer) => {
    expect(await refusal(changed)).toBe(
      `Nothing at ${endpoint} offers the operation: every request was answered in the same way, with ${answer}. An endpoint looks like https://my-resource.openai.azure.com, or like https://gateway.example.com/base/path for a gateway.`,
    );
    expect(asked).not.toContain("cancel");
  });

  test.each<[string, Partial<Record<Kind, Answer>>, string]>([
    ["a page with 404", { unknown: { status: 404, body: "<html>" } }, "404"],
    [
      "pages that differ",
      {
        unknown: { status: 200, body: "<html>" },
        wrong: { status: 401, body: "<html a>" },
        none: { status: 401, body: "<html b>" },
        method: { status: 405, body: "<html c>" },
      },
      "200",
    ],
  ])("%s", async (_, changed, status) => {
    expect(await refusal(changed)).toContain(`a request was answered with ${status} and a web page.`);
  });
});

describe("a verdict", () => {
  test.each<[string, Partial<Record<Kind, Answer>>]>([
    ["on a connection that is cut", { unknown: { status: 0 } }],
    ["on connections that are all cut", all({ status: 0 })],
    ["on a connection that is cut, and else the same answer", { ...all(error("404")), none: { status: 0 } }],
    ["on too many requests for all", all({ ...error("429"), headers: { "retry-after-ms": "20000" } })],
    ["on the same job for all", all({ status: 200, body: { object: "fine_tuning.job", status: "queued" } })],
    ["on one answer that is another", { ...all(error("404")), method: error("405") }],
    [
      "on the same text with different statuses",
      { ...all({ status: 401, body: "No" }), unknown: { status: 404, body: "No" } },
    ],
    [
      "on the same error with different statuses",
      { ...all({ status: 401, body: { message: "No" } }), unknown: { status: 404, body: { message: "No" } } },
    ],
    [
      "on one number as a code that is another",
      { ...all(error("404")), method: { status: 404, body: { error: { code: "405", message: "No." } } } },
    ],
    [
      "on one word as a code that is another",
      {
        ...all({ status: 404, body: { error: { code: "not_found" } } }),
        method: { status: 404, body: { error: { code: "not_there" } } },
      },
    ],
    [
      "on one code that is another",
      { ...all(error("404")), method: { status: 404, body: { error: { code: "not_found", message: "No." } } } },
    ],
    [
      "on one media type that is another",
      { ...all(error("404")), method: { ...error("404"), headers: { "content-type": "a/b" } } },
    ],
    ["on one member that is another", { ...all(error("404")), method: { status: 404, body: { error: {} } } }],
    ["on a page with 403 for one probe", { wrong: { status: 403, body: "<html>" } }],
    ["on a page with 502 at first", { unknown: { status: 502, body: "<html>" } }],
    ["on text with 404 that only mentions a page", { unknown: { status: 404, body: "No <html> here" } }],
    ["on text with 404 that begins like a page", { unknown: { status: 404, body: "<htmlish>" } }],
    [
      "on another type that begins like HTML",
      { unknown: { ...error("404"), headers: { "content-type": "text/htmlish" } } },
    ],
    ["on a type that contains HTML", { unknown: { ...error("404"), headers: { "content-type": "a/b;text/html" } } }],
    ["on a redirect", { unknown: { status: 307 } }],
  ])("%s", async (_, changed) => {
    expect((await judge(changed)).results).toHaveLength(4);
  });
});

describe("what is known of a job after the request to cancel it", () => {
  const job = (status: unknown) => ({ status: 200, body: { id: "ftjob-1", status } });
  const UNKNOWN = "has an unknown status: the request to cancel it was answered with";
  test.each<[string, Answer, string]>([
    ["canceled", job("canceled"), "is cancelled"],
    ["another state", job("running"), "is running, not cancelled"],
    ["another job", { status: 200, body: { id: "ftjob-2", status: "cancelled" } }, `${UNKNOWN} 200`],
    ["no id", { status: 200, body: { status: "cancelled" } }, `${UNKNOWN} 200`],
    ["two states", { status: 200, body: '{"id":"ftjob-1","status":"running","status":"cancelled"}' }, `${UNKNOWN} 200`],
    ["two ids", { status: 200, body: '{"id":"ftjob-2","id":"ftjob-1","status":"cancelled"}' }, `${UNKNOWN} 200`],
    ["no job", { status: 200, body: "null" }, `${UNKNOWN} 200`],
    ["no state", job(undefined), `${UNKNOWN} 200`],
    ["another status", { ...job("cancelled"), status: 201 }, `${UNKNOWN} 201`],
    ["a refusal", error("409"), `${UNKNOWN} 409`],
    ["no answer", { status: 0 }, "may have been cancelled: no complete response came back"],
  ])("%s", async (_, cancel, says) => {
    expect((await judge({ cancel }, ["ftjob-1"])).said[1]).toBe(`ftjob-1 ${says}.`);
  });

  test("a state that is none is not repeated", async () => {
    const violation = (pointer: string) => validators(layer([{ pointer, expected: "a", actual: "b" }]));
    const says = async (using: Validators) => (await judge({ cancel: job("running") }, ["ftjob-1"], using)).said[1];
    expect(await says(violation("/status"))).toContain("has an unknown status");
    expect(await says(violation("/id"))).toBe("ftjob-1 is running, not cancelled.");
  });
});
