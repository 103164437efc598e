import { expect, test } from "@jest/globals";
import type { Exchange } from "../service/exchange.js";
import { makeExchange } from "../service/exchange.js";
import { maskExchange, type Words } from "../service/mask.js";
import { cancelProbe, createProbes, keyCredential } from "../service/probes.js";
import { type Misbehaviour, type ReferenceResponse, startReferenceService } from "../service/reference-service.js";
import { compareRecordings, describeDifferences } from "./recordings.js";

const WORDS: Words = new Set(["id", "status", "seed", "error", "code", "message", "result_files", "hyperparameters"]);

/** What a recording of the service holds: each probe, and two jobs cancelled. */
async function record(misbehaviour: Misbehaviour, states = ["queued", "failed"]): Promise<Exchange[]> {
  const service = await startReferenceService(misbehaviour);
  const credential = keyCredential(service.apiKey);
  const cancels = states.map((state) => cancelProbe(service.jobs[state] as string, credential));
  const exchanges: Exchange[] = [];
  for (const probe of [...createProbes(credential), ...cancels])
    exchanges.push(maskExchange(await makeExchange(service.url, probe), WORDS));
  await service.close();
  return exchanges;
}

const whenJob = (
  change: (response: ReferenceResponse, job: Record<string, unknown>) => Partial<ReferenceResponse>,
): Misbehaviour => ({
  change: (response) =>
    response.status === 200 ? { ...response, ...change(response, JSON.parse(response.body)) } : response,
});
const withJob = (members: object) => whenJob((_, job) => ({ body: JSON.stringify({ ...job, ...members }) }));
const withHeaders = (headers: Record<string, string>) =>
  whenJob((response) => ({ headers: { ...response.headers, ...headers } }));

const linesOf = (before: readonly Exchange[], after: readonly Exchange[]) =>
  compareRecordings(before, after, WORDS).map(
    ({ probe, part, before, after }) => `${probe}, ${part}: ${before} → ${after}`,
  );

test("two recordings of the same service do not differ, although ids and values do", async () => {
  const values = withJob({ created_at: 1, seed: 2, private_name: "a", result_files: [] });
  const others = withJob({ created_at: 3, seed: 4, private_name: "b", result_files: [] });
  expect(linesOf(await record(values), await record(others))).toEqual([]);
  expect(describeDifferences([])).toBe("differences since the older recording: 0");
});

test.each([
  ["a status", whenJob(() => ({ status: 202 })), ["status: 200 → 202"]],
  ["a member that went", withJob({ seed: undefined }), ["body /seed: integer → absent"]],
  ["a type", withJob({ seed: "secret" }), ["body /seed: integer → string"]],
  [
    "a type in a list",
    withJob({ result_files: ["secret", 4711] }),
    ["body /result_files/*: absent → integer or string"],
  ],
  [
    "a member that nobody knows",
    withJob({ private: "secret" }),
    ["body /unknown member of 7 characters: absent → string"],
  ],
  ["a header that appeared", withHeaders({ "retry-after": "4711" }), ["header retry-after: absent → there"]],
  [
    "a date in place of seconds",
    withHeaders({ "retry-after": "Wed, 25 Nov 2026 05:00:00 GMT" }),
    ["header retry-after: absent → there, as a date"],
  ],
  [
    "a media type",
    withHeaders({ "content-type": "application/problem+json" }),
    ["header content-type: application/json → application/problem+json"],
  ],
])("%s is told, without its value", async (_, misbehaviour, expected) => {
  const differences = compareRecordings(await record({}, ["queued"]), await record(misbehaviour, ["queued"]), WORDS);
  const text = describeDifferences(differences);
  expect(text.split("\n").slice(1)).toEqual(expected.map((line) => `  cancel a job, ${line}`));
  expect(text).not.toMatch(/secret|4711|private|2026/);
});

test("a page in place of the job", async () => {
  const page = whenJob(() => ({ headers: { "content-type": "text/html" }, body: "<html>secret</html>" }));
  const lines = linesOf(await record({}, ["queued"]), await record(page, ["queued"]));
  expect(lines).toContain("cancel a job, body: object → a page");
  expect(lines).toContain("cancel a job, body /id: string → absent");
});

test("a probe that only one recording has, and an answer that broke off", async () => {
  const before = await record({}, ["queued", "failed"]);
  const [first, ...others] = before.slice(0, -1);
  const after = [{ ...(first as Exchange), response: { failure: "ECONNRESET" } }, ...others];
  const lines = linesOf(before, after);
  expect(lines).toContain("unknown job, answer: absent → ECONNRESET");
  expect(lines).toContain("unknown job, status: 404 → absent");
  expect(lines).toContain("cancel a job (2), recording: there → absent");
  expect(linesOf(after, before)).toContain("cancel a job (2), recording: absent → there");
});
