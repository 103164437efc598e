import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import type { Contract } from "../../scripts/contract/document.js";
import type { AnsweredExchange, RecordedResponse } from "./exchange.js";
import { maskExchange, wordsOf } from "./mask.js";
import { goodExchange, withResponse } from "./witness.js";

const WORDS = new Set(["id", "error", "code", "queued"]);

function mask(response: Partial<RecordedResponse>): RecordedResponse {
  return (maskExchange(withResponse(goodExchange, response), WORDS) as AnsweredExchange).response;
}

test("the words of a contract are its literals and the names of its members, at any depth, of both documents", () => {
  const of = (schema: object) => ({ components: { schemas: { A: schema } } });
  const member = (name: string) => ({ properties: { [name]: { type: "string" } } });
  const contract = {
    documented: of({ properties: { list: { items: member("inside") }, status: { enum: ["on"] } } }),
    accepted: of({ oneOf: [{ enum: ["off"] }, member("branch")] }),
  } as unknown as Contract;
  expect([...wordsOf(contract)].sort()).toEqual(["branch", "inside", "list", "off", "on", "status"]);
});

test("an exchange without a response stays as it is", () => {
  const exchange = { ...goodExchange, response: { failure: "ECONNRESET" } };
  expect(maskExchange(exchange, WORDS)).toBe(exchange);
});

test("what is not masked stays: the request, the status, whether the credential came back", () => {
  const response = { status: 418, echoesCredential: true };
  const exchange = withResponse(goodExchange, response);
  const { response: masked, ...others } = maskExchange(exchange, WORDS);
  const { response: _, ...before } = exchange;
  expect(others).toEqual(before);
  expect(masked).toMatchObject(response);
  expect(masked).not.toHaveProperty("base64");
  expect(masked).not.toHaveProperty("repeatedHeaders");
});

describe("headers", () => {
  test("that no check reads are left out: cookies, tokens, places", () => {
    const headers = {
      "set-cookie": "session=1",
      authorization: "Bearer a",
      location: "/a",
      "x-ms-region": "West",
      "content-length": "1",
    };
    expect(mask({ headers }).headers).toEqual({});
  });

  test.each([
    ["apim-request-id", "7b0c-4711", "xxxxxxxxx"],
    ["x-request-id", "Private", "xxxxxxx"],
    ["x-request-id", "queued", "queued"],
    ["content-type", "application/json; charset=utf-8", "application/json; charset=utf-8"],
    ["x-request-id", "  ", "  "],
    ["content-type", "text/html;charset=utf-8", "text/html;charset=utf-8"],
    ["content-type", 'a/b; c=d; charset="iso-8859-1"', 'a/b; x=x; charset="iso-8859-1"'],
    ["content-type", 'multipart/x; boundary="a_b-c+d"', 'multipart/x; xxxxxxxx="x_x-x+x"'],
    ["content-type", "a/b; charset=<secret>", "a/b; charset=<xxxxxx>"],
    ["content-type", "text/html; <secret>", "text/html; <xxxxxx>"],
    ["content-type", "secret@example.com", "xxxxxx@xxxxxxx.xxx"],
    ["content-type", "a secret json", "x xxxxxx json"],
    ["content-type", `a/${"b".repeat(80)}`, `a/${"b".repeat(80)}`],
    ["content-type", `a/${"b".repeat(81)}`, `x/${"x".repeat(81)}`],
    ["content-type", "a/b, c/d", "x/x, x/x"],
    ["retry-after", "0".repeat(81), "0".repeat(81)],
    ["content-encoding", "b".repeat(81), "x".repeat(81)],
    ["content-encoding", "br", "br"],
    ["date", "Wed, 25 Nov 2026 05:00:00 GMT", "Wed, 25 Nov 2026 05:00:00 GMT"],
    ["retry-after", "120", "120"],
    ["retry-after", "<120", "xxxx"],
    ["retry-after", "120>", "xxxx"],
    ["retry-after-ms", "5", "5"],
    ["x-ms-retry-after-ms", "5", "5"],
  ])("%s: %s is kept as %s", (name, value, kept) => {
    expect(mask({ headers: { [name]: value } }).headers).toEqual({ [name]: kept });
  });

  test("that came more than once are masked value by value", () => {
    const repeatedHeaders = { "x-request-id": ["first", "404"], "set-cookie": ["a=1", "b=2"] };
    expect(mask({ repeatedHeaders }).repeatedHeaders).toEqual({ "x-request-id": ["xxxxx", "404"] });
  });
});

describe("a body", () => {
  test.each([
    ["a private text", '{"id":"secret"}', '{"id":"xxxxxx"}'],
    ["a private text with escapes", String.raw`{"id":"a\"b\\"}`, '{"id":"xxxx"}'],
    ["a character of two units", '{"id":"𝒳"}', '{"id":"x"}'],
    ["a word of the contract", '{"id":"queued"}', '{"id":"queued"}'],
    ["a code", '{"code":"404"}', '{"code":"404"}'],
    ["more digits than a code has", '{"code":"4040"}', '{"code":"xxxx"}'],
    ["a code with words", '{"code":"404 secret"}', '{"code":"xxxxxxxxxx"}'],
    ["words with a code", '{"code":"secret 404"}', '{"code":"xxxxxxxxxx"}'],
    ["the requested id", `{"id":"${goodExchange.probe.jobId}"}`, `{"id":"${goodExchange.probe.jobId}"}`],
    ["private names", '{"secret":1,"hidden":1}', '{"0xxxxx":1,"1xxxxx":1}'],
    ["a private name that comes twice", '{"secret":1,"secret":1}', '{"0xxxxx":1,"0xxxxx":1}'],
    ["a short private name", '{"𝒳":1,"":1}', '{"0":1,"1":1}'],
    ["a private name that is no member", '["secret"]', '["xxxxxx"]'],
    ["white space", '{ "id" : "secret" , "code" :1 }', '{ "id" : "xxxxxx" , "code" :1 }'],
    ["literals", "[true,false,null]", "[true,false,null]"],
    ["integers", "[7,-7,0,12]", "[1,-1,0,1]"],
    ["numbers", "[7.25,-7.25,1e-3]", "[0.5,0.5,0.5]"],
    ["integers with an exponent", "[7e2,7E+2,12.5e1]", "[1,1,1]"],
    ["integers that are no time", "[99999999999,100000000000,-100000000000]", "[1,1000000000000,-1000000000000]"],
    ["a number that JavaScript has not", "[1e999]", "[1e999]"],
    ["text", "Secret place", "Sxxxxxxxxxxx"],
    ["HTML", " <p>secret</p>", " <xxxxxxxxxxxx"],
    ["white space", " \n", " \n"],
    ["nothing", "", ""],
    ["bytes that are no text", "a\ufffdb", "a\ufffdx"],
  ])("%s", (_, text, masked) => {
    expect(mask({ text }).text).toBe(masked);
  });

  test("that was compressed is compressed again, without what was private", () => {
    const text = '{"id":"secret"}';
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    const masked = mask({ headers, text, base64: gzipSync(text).toString("base64") });
    expect(masked.text).toBe('{"id":"xxxxxx"}');
    expect(gunzipSync(Buffer.from(masked.base64 as string, "base64")).toString()).toBe('{"id":"xxxxxx"}');
  });
});
