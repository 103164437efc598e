import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startReferenceService } from "../service/reference-service.js";
import { main } from "./contract.js";
import { gateways, keyOf } from "./gateways.js";
import type { Report } from "./report.js";

const root = join(__dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gateways-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function contract(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const texts: string[] = [];
  const print = (text: string) => void texts.push(text);
  const code = await main(args, env, { out: print, err: print }, root);
  return { code, text: texts.join("\n") };
}

/** What a report says, apart from what came back, which a recording masks more than a report does. */
function verdictIn(report: string) {
  const { verdict, findings } = JSON.parse(readFileSync(join(report, "contract.json"), "utf8")) as Report;
  const { kind, exitCode } = verdict;
  return { kind, exitCode, findings: findings.map(({ excerpt: _, ...finding }) => finding) };
}

test.each(gateways.map((gateway) => ({ ...gateway, gateway })))("$name: exit code $exit", async ({ gateway }) => {
  const { change, cancel = false, exit, says } = gateway;
  const key = keyOf(gateway);
  const service = await startReferenceService({ change }, "", key);
  const [recordings, live, again] = ["recordings", "live", "again"].map((name) => join(folder, name)) as string[];
  const cancelling = cancel ? ["--cancel", service.jobs.queued as string] : [];
  const files = ["--record", recordings as string, "--report", live as string];
  const { code, text } = await contract(["--target", service.url, ...cancelling, ...files], {
    AZURE_OPENAI_API_KEY: key,
  }).finally(() => service.close());
  // The text tells why the code is another one.
  expect({ code, text }).toEqual({ code: exit, text: expect.stringMatching(says) });
  expectNoSecrets(key, text);
  if (!existsSync(live as string)) return;

  const { code: replayed } = await contract(["--replay", recordings as string, "--report", again as string]);
  expect(replayed).toBe(exit);
  expect(verdictIn(again as string)).toEqual(verdictIn(live as string));
});

/** Nothing that is printed or written has the key, and no recording has a value of a job, in any encoding. */
function expectNoSecrets(key: string, printed: string): void {
  const written = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.\w+$/.test(name))
    .map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
  const recorded = written.filter(([name]) => name.startsWith("recordings")).map(([, text]) => text);
  const decoded = recorded.map((text) => Buffer.from(JSON.parse(text).response.bodyBase64 ?? "", "base64").toString());
  for (const text of [...recorded, ...decoded]) expect(text).not.toMatch(/search|org-1|file-training|7f3a9c/);
  if (key.length > 8) for (const text of [printed, ...written.map(([, text]) => text)]) expect(text).not.toContain(key);
}
