import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pathOf } from "../tables/page.js";
import type { Exchange, RecordedResponse } from "./exchange.js";
import { RECORDING_FILE, readRecordings, writeRecordings } from "./recordings.js";
import { goodExchange, withResponse } from "./witness.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "recordings-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const named = (name: string): Exchange => ({ ...goodExchange, probe: { ...goodExchange.probe, name } });
const inFile = (recording: unknown, name = "one.json") => writeFileSync(join(folder, name), JSON.stringify(recording));
const json = { "content-type": "application/json" };

/** What the one recording of a response has in its file. */
function written(response: Partial<RecordedResponse>) {
  writeRecordings(folder, [withResponse(goodExchange, response)]);
  const [file] = readdirSync(folder);
  return JSON.parse(readFileSync(join(folder, file as string), "utf8"));
}

test("files are numbered and named after the probe", () => {
  writeRecordings(folder, [named("no key"), named("cancel ../../x/É"), named("é".repeat(9)), named("a".repeat(81))]);
  expect(readdirSync(folder)).toEqual([
    "01-no-key.json",
    "02-cancel-x-.json",
    "03--.json",
    `04-${"a".repeat(80)}.json`,
  ]);
  for (const name of readdirSync(folder)) expect(name).toMatch(RECORDING_FILE);
  for (const name of ["ticket.json", "1-a.json", "01-a b.json", "01-a.txt", "contract.json"])
    expect(name).not.toMatch(RECORDING_FILE);
  const text = readFileSync(join(folder, "01-no-key.json"), "utf8");
  expect(text.endsWith("\n}\n")).toBe(true);
  expect(text.split("\n").length).toBeGreaterThan(5);
});

test("a file says what was asked", () => {
  const { response: _, ...asked } = written({});
  const { name, jobId, method, path } = goodExchange.probe;
  const request = { method, path, headers: { "api-key": "***" } };
  expect(asked).toEqual({ probe: name, jobId, expect: "job", request });
});

test("what was written is read back", () => {
  const exchanges = [
    goodExchange,
    withResponse(goodExchange, { status: 404, text: '{"error":{}}', echoesCredential: true }, [404]),
    { ...goodExchange, response: { failure: "ECONNRESET" } },
    withResponse(goodExchange, {
      headers: { "x-request-id": "a, b" },
      repeatedHeaders: { "x-request-id": ["a", "b"] },
    }),
  ];
  writeRecordings(folder, exchanges);
  const endpoint = "https://my-resource.openai.azure.com";
  expect(readRecordings(folder)).toEqual(exchanges.map((each) => ({ ...each, endpoint })));
});

describe("a body in its file", () => {
  test.each([
    ["JSON", '{"id":"a b","list":[1]}', { id: "a b", list: [1] }],
    ["JSON with white space", '{ "id":\n"a  \\" b" }', { id: 'a  " b' }],
    ["HTML", "<p>", "<p>"],
    ["nothing", "", ""],
  ])("%s can be read", (_, text, body) => {
    const { response } = written({ headers: json, text });
    expect(response).toEqual({ status: 200, headers: json, body });
  });

  test.each([
    ["a member that comes twice", '{"id":1,"id":2}'],
    ["a number that is written in another way", '{"id":1.0}'],
    ["a JSON text that is a string", '"id"'],
    ["a deep body", `{"id":${"[".repeat(50_000)}${"]".repeat(50_000)}}`],
  ])("%s is kept in base64", (_, text) => {
    expect(written({ headers: json, text }).response).toEqual({
      status: 200,
      headers: json,
      bodyBase64: Buffer.from(text).toString("base64"),
    });
    expect(readRecordings(folder)).toMatchObject([{ response: { text } }]);
  });

  test("compressed bytes stay compressed", () => {
    const base64 = gzipSync('{"id":"a"}').toString("base64");
    const headers = { ...json, "content-encoding": "gzip" };
    expect(written({ headers, text: '{"id":"a"}', base64 }).response.bodyBase64).toBe(base64);
    expect(readRecordings(folder)).toMatchObject([{ response: { text: '{"id":"a"}', base64 } }]);
  });
});

describe("readRecordings", () => {
  test("reads the files that end in .json, in the order of their names", () => {
    for (const name of ["b.json", "a.json", "c.txt", "json", "contract.json"])
      inFile({ response: { status: 200 } }, name);
    expect(readRecordings(folder).map(({ probe }) => probe.name)).toEqual(["a", "b"]);
  });

  test("needs no more than a status", () => {
    inFile({ response: { status: 204 } }, "my.json.new.json");
    expect(readRecordings(folder)).toEqual([
      {
        probe: {
          name: "my.json.new",
          method: "POST",
          path: pathOf("ftjob-unknown"),
          expect: "any",
          jobId: "ftjob-unknown",
        },
        requestHeaders: { "api-key": "***" },
        endpoint: "https://my-resource.openai.azure.com",
        response: { status: 204, headers: json, text: "", echoesCredential: false },
      },
    ]);
  });

  test("takes all that a recording says", () => {
    const request = { method: "GET", path: "/a", headers: { a: "b" } };
    inFile({ probe: "p", jobId: "j", expect: [404], request, response: { failure: "E", status: 200 } });
    expect(readRecordings(folder)).toMatchObject([
      {
        probe: { name: "p", jobId: "j", expect: [404], method: "GET", path: "/a" },
        requestHeaders: { a: "b" },
        response: { failure: "E" },
      },
    ]);
  });

  test("masks what may be a credential in what was asked; a wrong key is none", () => {
    const headers = { "Api-Key": "s1", Authorization: "Bearer s2", "x-api-key": "s3", Cookie: "s4", accept: "a" };
    const path = "/a?api-version=1&subscription-key=s5&sig=s6&b=c";
    inFile({ request: { headers, path }, response: { status: 401 } }, "a.json");
    inFile({ request: { headers: { "api-key": "not-the-key" } }, response: { status: 401 } }, "b.json");
    expect(readRecordings(folder)).toMatchObject([
      {
        requestHeaders: { "api-key": "***", authorization: "***", "x-api-key": "***", cookie: "***", accept: "a" },
        probe: { path: "/a?api-version=1&subscription-key=***&sig=***&b=c" },
      },
      { requestHeaders: { "api-key": "not-the-key" } },
    ]);
  });

  test("a text without headers is HTML, and names of headers are in lower case", () => {
    inFile({ response: { status: 502, body: "<p>" } }, "a.json");
    inFile({ response: { status: 200, headers: { "X-Request-Id": ["a", "b"], Date: "d" }, body: 7 } }, "b.json");
    expect(readRecordings(folder)).toMatchObject([
      { response: { headers: { "content-type": "text/html" }, text: "<p>" } },
      { response: { headers: { "x-request-id": "a, b", date: "d" }, repeatedHeaders: { "x-request-id": ["a", "b"] } } },
    ]);
  });

  test("takes a byte order mark at the beginning of a file, and nowhere else", () => {
    writeFileSync(join(folder, "a.json"), '\ufeff{"response":{"status":200}}');
    expect(readRecordings(folder)).toHaveLength(1);
    writeFileSync(join(folder, "a.json"), '{\ufeff"response":{"status":200}}');
    expect(() => readRecordings(folder)).toThrow(`${join(folder, "a.json")}: `);
  });

  const ok = { status: 200 };
  const NO_BASE64 = "response.bodyBase64 is not base64, or is cut off.";
  test.each([
    ["a list", [], "the recording must be object."],
    ["null", null, "the recording must be object."],
    ["no response", {}, "the recording must have required property 'response'."],
    ["a response that is none", { response: 7 }, "response must be object."],
    ["neither a status nor a failure", { response: {} }, "response must have required property 'status'."],
    ["a status that is text", { response: { status: "200" } }, "response.status must be integer."],
    ["a status below 100", { response: { status: 99 } }, "response.status must be >= 100."],
    ["a status above 999", { response: { status: 1000 } }, "response.status must be <= 999."],
    ["a failure that is no text", { response: { failure: 7 } }, "response.failure must be string."],
    ["headers that are none", { response: { ...ok, headers: 7 } }, "response.headers must be object."],
    ["a header that is no text", { response: { ...ok, headers: { a: 7 } } }, "response.headers.a must be string."],
    ["a header without a value", { response: { ...ok, headers: { a: [] } } }, "response.headers.a must be string."],
    ["a header with a number", { response: { ...ok, headers: { a: [7] } } }, "response.headers.a must be string."],
    ["bytes that are no base64", { response: { ...ok, bodyBase64: "-" } }, NO_BASE64],
    ["bytes that are cut off", { response: { ...ok, bodyBase64: "QUJDR" } }, NO_BASE64],
    ["bytes after the end", { response: { ...ok, bodyBase64: "==a" } }, NO_BASE64],
    ["bytes before the start", { response: { ...ok, bodyBase64: "*a" } }, NO_BASE64],
    ["three signs at the end", { response: { ...ok, bodyBase64: "a===" } }, NO_BASE64],
    [
      "an echo that is no truth",
      { response: { ...ok, echoesCredential: 1 } },
      "response.echoesCredential must be boolean.",
    ],
    ["a probe that is no text", { probe: 7, response: ok }, "probe must be string."],
    ["an id that is no text", { jobId: 7, response: ok }, "jobId must be string."],
    ["an expectation that is none", { expect: "all", response: ok }, "expect must be equal to one of"],
    ["an expected status that is text", { expect: ["200"], response: ok }, "expect must be equal to one of"],
    ["a request that is none", { request: 7, response: ok }, "request must be object."],
    ["a method that is no text", { request: { method: 7 }, response: ok }, "request.method must be string."],
    ["a path that is no text", { request: { path: 7 }, response: ok }, "request.path must be string."],
    ["headers of a request", { request: { headers: 7 }, response: ok }, "request.headers must be object."],
    ["a header of a request", { request: { headers: { a: 7 } }, response: ok }, "request.headers.a must be string."],
  ])("refuses %s, and names the file and the member", (_, recording, says) => {
    inFile(recording);
    expect(() => readRecordings(folder)).toThrow(`${join(folder, "one.json")}: ${says}`);
  });

  test.each(["job", "any", [], [400, 404]])("takes the expectation %j", (expected) => {
    inFile({ expect: expected, response: ok });
    expect(readRecordings(folder)).toMatchObject([{ probe: { expect: expected } }]);
  });

  test.each(["", "QUJD", "QUI=", "QQ==", "+/+/"])("takes the bytes %j", (bodyBase64) => {
    inFile({ response: { ...ok, bodyBase64, headers: {} } });
    const text = Buffer.from(bodyBase64, "base64").toString();
    expect(readRecordings(folder)).toMatchObject([{ response: { text } }]);
  });

  test("refuses a deep body, and says how to write one", () => {
    const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
    writeFileSync(join(folder, "one.json"), `{"response":{"status":200,"body":${deep}}}`);
    expect(() => readRecordings(folder)).toThrow(
      "one.json: response.body is nested too deeply. Give the bytes of the body as response.bodyBase64.",
    );
  });

  test("reports a file that is no JSON on one line", () => {
    writeFileSync(join(folder, "one.json"), "oh\n\n  no");
    expect(() => readRecordings(folder)).toThrow(/^\S+one\.json: (?!.*\s\s)[^\n]+$/);
  });
});
