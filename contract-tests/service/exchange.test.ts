import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { MOST_BYTES } from "./body.js";
import { bodyOf, type Exchange, makeExchange, type Probe, type RecordedResponse, toCurl } from "./exchange.js";
import { cancelProbe, createProbes, keyCredential, tokenCredential } from "./probes.js";
import { goodExchange } from "./witness.js";

const KEY = "k/0123456";
const byKey = cancelProbe("ftjob-1", keyCredential(KEY));

let server: Server;
let url: string;
let answer: RequestListener;
beforeEach(async () => {
  answer = (_, response) => response.end();
  server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
});

const exchange = (probe: Probe = byKey) => makeExchange(`http://${url}`, probe);
/** The response to a probe, when the service answers like this. */
async function responseTo(handler: RequestListener, probe?: Probe): Promise<RecordedResponse> {
  answer = handler;
  const { response } = await exchange(probe);
  if ("failure" in response) throw new Error(response.failure);
  return response;
}
async function failureOf(handler: RequestListener): Promise<string> {
  answer = handler;
  const { response } = await exchange();
  return "failure" in response ? response.failure : `status ${response.status}`;
}

test("the request is the probe's, without a body, and the exchange says what was asked", async () => {
  const seen: unknown[] = [];
  answer = ({ method, url: path, headers }, response) => {
    seen.push([method, path, headers["api-key"], headers["content-length"], headers.connection]);
    response.end();
  };
  const { durationMs, ...made } = await exchange();
  expect(seen).toEqual([["POST", byKey.path, KEY, "0", "close"]]);
  const { headers: _, secret: __, ...probe } = byKey;
  expect(made).toMatchObject({ probe, endpoint: `http://${url}`, requestHeaders: { "api-key": "***" } });
  expect(made.probe).not.toHaveProperty("headers");
  expect(made.probe).not.toHaveProperty("secret");
  expect(Number.isInteger(durationMs) && (durationMs as number) >= 0 && (durationMs as number) < 20_000).toBe(true);
});

test.each([
  ["a token", tokenCredential("t0123456"), { authorization: "***" }, { authorization: "Bearer not-the-token" }],
  ["a key", keyCredential(KEY), { "api-key": "***" }, { "api-key": "not-the-key" }],
])("%s is masked in what was asked; a wrong one is shown", async (_, credential, masked, wrong) => {
  const probes = createProbes(credential).map((each) => ({ ...each, headers: { ...each.headers, accept: "a" } }));
  const exchanges = await Promise.all(probes.map(exchange));
  expect(exchanges.map(({ requestHeaders: { accept, ...headers } }) => [accept, headers])).toEqual([
    ["a", masked],
    ["a", wrong],
    ["a", {}],
    ["a", masked],
  ]);
});

test("a redirect is not followed", async () => {
  let requests = 0;
  const { status } = await responseTo((_, response) => {
    requests++;
    response.writeHead(307, { location: "/" }).end();
  });
  expect({ status, requests }).toEqual({ status: 307, requests: 1 });
});

test("a header that came twice is told from one with a comma", async () => {
  const response = await responseTo((_, answered) =>
    answered.writeHead(200, ["X-Request-Id", "a", "x-request-id", "b", "Date", "c, d"]).end("é"),
  );
  expect(response.headers).toMatchObject({ "x-request-id": "a, b", date: "c, d" });
  expect(response.repeatedHeaders).toEqual({ "x-request-id": ["a", "b"] });
  expect(response.text).toBe("é");
  expect(response).not.toHaveProperty("base64");
  const others = await responseTo((_, answered) => answered.end("a"));
  expect(others).not.toHaveProperty("repeatedHeaders");
});

describe("the credential in a response is noticed, and taken out", () => {
  const places: [place: string, handler: RequestListener][] = [
    ["the reason phrase", (_, response) => response.writeHead(200, `no ${KEY}`).end()],
    ["a header", (_, response) => response.writeHead(200, { "x-request-id": `a${KEY}b` }).end()],
    ["the name of a header", (_, response) => response.writeHead(200, { "x-k%2f0123456": "a" }).end()],
    ["the body", (_, response) => response.end(`{"a":"${KEY}"}`)],
    ["the body, escaped", (_, response) => response.end(String.raw`{"a":"k\/0123456"}`)],
    [
      "a trailer that comes twice",
      (_, response) => {
        response.writeHead(200, { trailer: "etag" }).write("a");
        response.addTrailers([
          ["etag", "a"],
          ["etag", KEY],
        ]);
        response.end();
      },
    ],
    [
      "a trailer",
      (_, response) => {
        response.writeHead(200, { trailer: "x-note" }).write("a");
        response.addTrailers({ "x-note": KEY });
        response.end();
      },
    ],
  ];
  test.each(places)("in %s", async (_, handler) => {
    const response = await responseTo(handler);
    expect(response.echoesCredential).toBe(true);
    expect(JSON.stringify({ ...response, headers: Object.values(response.headers) })).not.toMatch(/0123456/);
  });

  test.each(createProbes(keyCredential(KEY)))("whatever is asked: $name", async (probe) => {
    const response = await responseTo((_, answered) => answered.writeHead(401, { "x-a": KEY }).end(KEY), probe);
    expect(response.echoesCredential).toBe(true);
    expect(JSON.stringify(response)).not.toContain(KEY);
    expect(JSON.stringify(await exchange(probe))).not.toContain(KEY);
  });

  test("in a response that breaks off", async () => {
    const cut: RequestListener = (request, response) =>
      response.writeHead(200, { "content-length": 99 }).write(KEY, () => request.socket.destroy());
    expect(await failureOf(cut)).toBe("the body was cut off (aborted), after the credential");
  });

  test("a token is noticed without the word before it", async () => {
    const probe = cancelProbe("ftjob-1", tokenCredential("t0123456"));
    expect(await responseTo((_, response) => response.end("t0123456"), probe)).toMatchObject({
      echoesCredential: true,
    });
  });

  test("parts that only together are the credential are none", async () => {
    const response = await responseTo((_, answered) => answered.writeHead(200, "3456").end("k/012"));
    expect(response).toMatchObject({ text: "k/012", echoesCredential: false });
  });

  test("a short key may occur in ordinary words, and a wrong key is none", async () => {
    const short = cancelProbe("ftjob-1", keyCredential("message"));
    const text = '{"message":"a"}';
    expect(await responseTo((_, response) => response.end(text), short)).toMatchObject({
      text,
      echoesCredential: false,
    });
    expect(await responseTo((_, response) => response.end(text))).toMatchObject({ echoesCredential: false });
  });
});

describe("no complete response", () => {
  const DEADLINE_MS = 30_000;
  beforeEach(() => {
    // All others are Node's own, for the connection.
    jest.useFakeTimers({ doNotFake: ["nextTick", "setImmediate", "clearImmediate", "queueMicrotask", "performance"] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test("a body of one byte too many; one of as many as can be is read", async () => {
    const end =
      (size: number): RequestListener =>
      (_, response) =>
        response.end(Buffer.alloc(size, "a"));
    expect(await failureOf(end(MOST_BYTES + 1))).toMatch(/^the body (was cut off|is longer than 1048576 bytes)/);
    expect((await responseTo(end(MOST_BYTES))).text).toHaveLength(MOST_BYTES);
  });

  test.each<[string, RequestListener]>([
    ["nothing comes", () => jest.advanceTimersByTime(DEADLINE_MS)],
    [
      "the body does not end",
      (_, response) => response.write("a", () => setImmediate(() => jest.advanceTimersByTime(DEADLINE_MS))),
    ],
  ])("after 30 s, when %s", async (_, handler) => {
    expect(await failureOf(handler)).toMatch(/no response within 30000 ms|the body was cut off/);
  });

  test("a response just before the deadline is good, and leaves no timer", async () => {
    const response = await responseTo((_, answered) => {
      jest.advanceTimersByTime(DEADLINE_MS - 1);
      answered.end("a");
    });
    expect(response.text).toBe("a");
    while (jest.getTimerCount() > 0) await new Promise((resolve) => setImmediate(resolve));
  }, 2_000);

  test("a connection that is cut", async () => {
    expect(await failureOf((request) => request.socket.destroy())).toBe("ECONNRESET");
    const cut: RequestListener = (request, response) =>
      response.writeHead(200, { "content-length": 9 }).write("a", () => request.socket.destroy());
    expect(await failureOf(cut)).toBe("the body was cut off (aborted)");
  });

  test("nobody there, and https where http is", async () => {
    const closed = await makeExchange("http://127.0.0.1:1", byKey);
    expect(closed.response).toEqual({ failure: "ECONNREFUSED" });
    const { response } = await makeExchange(`https://${url}`, byKey);
    expect(response).toEqual({ failure: expect.stringMatching(/EPROTO|SSL/) });
  });
});

test.each<[status: number, type: string | undefined, text: string, body: unknown]>([
  [200, "application/json", '{"id":"a"}', { id: "a" }],
  [200, "text/plain", '{"id":"a"}', { id: "a" }],
  [299, "text/html", "7", 7],
  [200, "application/json", "<p>", undefined],
  [404, "application/json; charset=utf-8", "null", null],
  [404, "application/problem+json", "{}", {}],
  [404, undefined, "{}", {}],
  [404, "text/plain", "{}", undefined],
  [300, "text/plain; note=json", "401", undefined],
  [199, "application/xml", "[]", undefined],
])("the body of %i %s %s", (status, type, text, body) => {
  const headers = type === undefined ? {} : { "content-type": type };
  expect(bodyOf({ status, headers, text, echoesCredential: false })).toEqual(body);
});

describe("toCurl", () => {
  const curl = (change: Partial<Exchange["probe"]>, requestHeaders: Exchange["requestHeaders"]) =>
    toCurl({ ...goodExchange, probe: { ...goodExchange.probe, path: "/a", ...change }, requestHeaders });

  test("takes the credential from a variable, and shows a wrong one", () => {
    expect(curl({}, { "api-key": "***" })).toBe(
      `curl -i -X POST -H "api-key: $AZURE_OPENAI_API_KEY" -H 'content-length: 0' 'http://127.0.0.1/a'`,
    );
    expect(curl({}, { authorization: "***" })).toContain(
      `-H "authorization: Bearer $AZURE_OPENAI_AD_TOKEN" -H 'content-length: 0'`,
    );
    expect(curl({}, { "api-key": "not-the-key", other: "***" })).toContain(
      "-H 'api-key: not-the-key' -H 'other: ***' ",
    );
  });

  test("has no length for a GET", () => {
    expect(curl({ method: "GET" }, {})).toBe("curl -i -X GET 'http://127.0.0.1/a'");
  });

  test("quotes what a shell would read", () => {
    expect(curl({ path: "/a'$(id)'" }, { a: "`id`'" })).toBe(
      String.raw`curl -i -X POST -H 'a: ${"`id`"}'\''' -H 'content-length: 0' 'http://127.0.0.1/a'\''$(id)'\'''`,
    );
  });
});
