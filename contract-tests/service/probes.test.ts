import { expect, test } from "@jest/globals";
import { pathOf } from "../tables/page.js";
import { cancelProbe, createProbes, keyCredential, tokenCredential } from "./probes.js";

test("the probes name a job that cannot exist, another one each time, and say what must be answered", () => {
  const [probes, others] = [createProbes(keyCredential("k")), createProbes(keyCredential("k"))];
  const ids = new Set(probes.map(({ jobId }) => jobId));
  expect([...ids]).toEqual([expect.stringMatching(/^ftjob-contract-[0-9a-f]{24}$/)]);
  expect(ids.has(others[0]?.jobId as string)).toBe(false);
  expect(probes.map(({ jobId: _, ...probe }) => probe)).toEqual(
    [
      { name: "unknown job", method: "POST", headers: { "api-key": "k" }, expect: [400, 404, 409, 410, 422] },
      { name: "wrong key", method: "POST", headers: { "api-key": "not-the-key" }, expect: [401, 403] },
      { name: "no key", method: "POST", headers: {}, expect: [401, 403] },
      { name: "wrong method", method: "GET", headers: { "api-key": "k" }, expect: [404, 405] },
    ].map((each) => ({ ...each, secret: "k", path: pathOf([...ids][0] as string) })),
  );
});

test("with a token, the wrong one is a token too", () => {
  expect(createProbes(tokenCredential("t")).map(({ headers }) => headers)).toEqual([
    { authorization: "Bearer t" },
    { authorization: "Bearer not-the-token" },
    {},
    { authorization: "Bearer t" },
  ]);
});

test("every probe knows the secret itself", () => {
  const credential = tokenCredential("t");
  const probes = [...createProbes(credential), cancelProbe("ftjob-1", credential)];
  expect(probes.map(({ secret }) => secret)).toEqual(Array(5).fill("t"));
});

test("a job is cancelled under its own name", () => {
  expect(cancelProbe("ftjob-1", keyCredential("k"))).toEqual({
    name: "cancel ftjob-1",
    method: "POST",
    path: pathOf("ftjob-1"),
    headers: { "api-key": "k" },
    secret: "k",
    expect: "job",
    jobId: "ftjob-1",
  });
  expect(cancelProbe("ftjob-1", keyCredential("k"), [404]).expect).toEqual([404]);
});
