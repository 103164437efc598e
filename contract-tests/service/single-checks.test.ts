/** Each check of one response by itself: what it reports, and what it leaves alone. */
import { describe, expect, test } from "@jest/globals";
import { runCheck } from "../spec/check.js";
import { bodyChecks } from "./body-checks.js";
import type { AnsweredExchange, Probe, RecordedResponse } from "./exchange.js";
import { headerChecks } from "./header-checks.js";
import type { Validators } from "./validators.js";
import { goodExchange, type ServiceCheck, withResponse } from "./witness.js";

async function find(check: ServiceCheck, response: Partial<RecordedResponse>, expected?: Probe["expect"]) {
  const found = await runCheck("", check, withResponse(goodExchange, response, expected), {} as Validators);
  return found.map(({ pointer, message }) => `${pointer} ${message}`.trim());
}

const SENT = "Wed, 25 Nov 2026 05:00:00 GMT";
const YEAR_S = 366 * 24 * 60 * 60;
const WAIT = "retry-after must be a number of seconds or an HTTP date, less than a year away";
const at = (seconds: number) => new Date(Date.parse(SENT) + seconds * 1000).toUTCString();

test.each(Object.entries<ServiceCheck>({ ...bodyChecks, ...headerChecks }))(
  "the check %s says what it demands, and finds its witness",
  async (_, check) => {
    expect(check.description).toMatch(/^[A-Z].*\.$/);
    const { response } = check.witness(goodExchange) as AnsweredExchange;
    expect(await find(check, goodExchange.response)).toEqual([]);
    expect(await find(check, response)).toHaveLength(1);
  },
);

describe("headers", () => {
  test.each([
    ["content-type", "application/json; charset=utf-8"],
    ["content-type", 'a/b; c="d, e"; f="g,h"'],
    ["retry-after", "0"],
    ["retry-after", `${YEAR_S}`],
    ["retry-after", at(0)],
    ["retry-after", at(YEAR_S)],
    ["retry-after", at(-YEAR_S)],
    ["retry-after", "Wednesday, 25-Nov-26 06:00:00 GMT"],
    ["retry-after", "Wed Nov 25 06:00:00 2026"],
    ["retry-after", "Sun Dec  6 06:00:00 2026"],
    ["retry-after-ms", `${YEAR_S * 1000}`],
    ["x-ms-retry-after-ms", "15"],
    ["apim-request-id", "a"],
    ["x-request-id", "a"],
    ["x-request-id", " a "],
    ["location", ""],
  ])("%s: %s is right", async (name, value) => {
    expect(await find(headerChecks.headers, { headers: { date: SENT, [name]: value } })).toEqual([]);
  });

  const MS = "must be a number of milliseconds, less than a year";
  test.each([
    ["content-type", "a/b, c/d", "content-type must be one media type"],
    ["content-type", 'a/b; c="d", e/f', "content-type must be one media type"],
    ["retry-after", `${YEAR_S + 1}`, WAIT],
    ["retry-after", at(YEAR_S + 1), WAIT],
    ["retry-after", at(-YEAR_S - 1), WAIT],
    ["retry-after", "-1", WAIT],
    ["retry-after", "1.5", WAIT],
    ["retry-after", "5 s", WAIT],
    ["retry-after", "", WAIT],
    ["retry-after", "soon", WAIT],
    ["retry-after", "2026-11-25T05:00:00Z", WAIT],
    ["retry-after", "Wed, 25 Nov 2026 05:00:00", WAIT],
    ["retry-after", "Wed, 25 Nov 2026 05:00:00 GMT+1", WAIT],
    ["retry-after", "It is Wed, 25 Nov 2026 05:00:00 GMT", WAIT],
    ["retry-after", "Web, 25 Nov 2026 05:00:00 GMT", WAIT],
    ["retry-after", "Wed, 25 Nev 2026 05:00:00 GMT", WAIT],
    ["retry-after", "Wed, 31 Nov 2026 05:00:00 GMT", WAIT],
    ["retry-after", "It is Wednesday, 25-Nov-26 06:00:00 GMT", WAIT],
    ["retry-after", "Wednesday, 25-Nov-26 06:00:00 GMT now", WAIT],
    ["retry-after", "It is Wed Nov 25 06:00:00 2026", WAIT],
    ["retry-after", "Wed Nov 25 06:00:00 2026 now", WAIT],
    ["retry-after-ms", `${YEAR_S * 1000 + 1}`, `retry-after-ms ${MS}`],
    ["retry-after-ms", "5 ms", `retry-after-ms ${MS}`],
    ["retry-after-ms", "in 5", `retry-after-ms ${MS}`],
    ["x-ms-retry-after-ms", "-5", `x-ms-retry-after-ms ${MS}`],
    ["retry-after-ms", "1e3", `retry-after-ms ${MS}`],
    ["retry-after", "Wednesday, 25-Nov-26 06:00:00 GMT (now)", WAIT],
    ["retry-after", "Wed Nov 25 06:00:00 2026 (now)", WAIT],
    ["apim-request-id", " ", "apim-request-id must be non-empty"],
    ["x-request-id", "", "x-request-id must be non-empty"],
  ])("%s: %s is wrong", async (name, value, message) => {
    expect(await find(headerChecks.headers, { headers: { date: SENT, [name]: value } })).toEqual([message]);
  });

  test("without the response's own date, a date may be old, and not far ahead", async () => {
    const later = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
    const wait = (value: string) => find(headerChecks.headers, { headers: { "retry-after": value } });
    expect(await wait("Sun, 06 Nov 1994 08:49:37 GMT")).toEqual([]);
    expect(await wait(later(YEAR_S - 60))).toEqual([]);
    expect(await wait(later(YEAR_S + 60))).toEqual([WAIT]);
  });

  test("one that came more than once is reported once: by its own check", async () => {
    const response = {
      headers: { "retry-after": "1, x", "set-cookie": "a, b" },
      repeatedHeaders: { "retry-after": ["1", "x"], "set-cookie": ["a", "b"] },
    };
    expect(await find(headerChecks.headers, response)).toEqual([]);
    expect(await find(headerChecks["repeated-headers"], response)).toEqual(["retry-after was sent 2 times"]);
    expect(await find(headerChecks["repeated-headers"], { headers: response.headers })).toEqual([]);
  });
});

describe("body", () => {
  test("encoding reports each problem", async () => {
    const base64 = Buffer.from([0xef, 0xbb, 0xbf, 0x22, 0xff, 0x22]).toString("base64");
    expect(await find(bodyChecks.encoding, { base64 })).toEqual([
      "the body begins with a byte order mark, which JSON must not have",
      "the body is not valid UTF-8",
    ]);
  });

  test("unique-members names the place, in JSON alone", async () => {
    const text = '{"a":{"b":1,"b":2}}';
    expect(await find(bodyChecks["unique-members"], { text })).toEqual(["/a/b comes twice in its object"]);
    expect(await find(bodyChecks["unique-members"], { text: `${text} and more` })).toEqual([]);
  });

  const UNIX = "Unix seconds were expected";
  test.each([
    ["created_at", -1, [`/created_at is negative; ${UNIX}`]],
    ["finished_at", 1e11, [`/finished_at is too large, as milliseconds would be; ${UNIX}`]],
    ["estimated_finish", 1e11, [`/estimated_finish is too large, as milliseconds would be; ${UNIX}`]],
    ["created_at", 0, []],
    ["created_at", 1e11 - 1, []],
    ["created_at", 1e11 + 0.5, []],
    ["created_at", "-1", []],
    ["created_at", null, []],
    ["seed", -1, []],
  ])("times: %s is %j", async (name, value, messages) => {
    expect(await find(bodyChecks.times, { text: JSON.stringify({ [name]: value }) })).toEqual(messages);
  });

  test.each(["null", "7", "oh"])("times are not looked for in %s", async (text) => {
    expect(await find(bodyChecks.times, { text })).toEqual([]);
  });
});
