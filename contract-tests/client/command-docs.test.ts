/** docs/command.md shows what the command prints: each line after a `$` is run, and what follows it is compared. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { USAGE } from "../../src/command/arguments.js";
import {
  endOf,
  held,
  installCommand,
  job,
  type Service,
  send,
  spawnCommand,
  start,
  startService,
} from "./command-harness.js";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/command.md"), "utf8");

let installed: Awaited<ReturnType<typeof installCommand>>;
let service: Service;
let folder: string;
beforeAll(async () => {
  installed = await installCommand();
});
afterAll(() => installed.remove());
beforeEach(async () => {
  service = await startService();
  folder = mkdtempSync(join(tmpdir(), "command-"));
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

const blocks = [...page.matchAll(/```console\n([\s\S]*?)```/g)].map(([, block]) => block as string);

/** The lines, without what differs from run to run; jobs end in any order. */
const comparable = (text: string) =>
  text
    .replaceAll(service.url, "https://my-resource.openai.azure.com")
    .replace(/\d+\.\d s/g, "0.0 s")
    .replace(/"durationMs":\d+/g, '"durationMs":0')
    .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "UUID")
    .split("\n")
    .sort();

test.each(blocks.map((block) => [/^\$ (.*)/.exec(block)?.[1] as string, block]))("%s", async (_, block) => {
  const busy = send(503, { error: { code: "503", message: "Busy." } }, { "retry-after-ms": "10" });
  Object.assign(service.scripts, {
    "ftjob-0b2": [send(404, { error: { code: "NotFound", message: "No such job." } })],
    "ftjob-0c3": [job({ status: "running" })],
    "ftjob-0d4": [busy],
    "ftjob-0e5": [busy, job()],
  });
  writeFileSync(
    join(folder, "ids.txt"),
    "# stop these\r\nftjob-0a1\r\nftjob-0b2\r\nftjob-0c3\r\nftjob-0d4\r\nftjob-0e5\r\n",
  );
  const prompt = 'cancel-fine-tuning-job() { "$NODE" "$BIN" "$@"; }; exec 2>&1';
  for (const step of block.split(/^(?=\$ )/m)) {
    const [, line = "", expected = ""] = /^\$ (.*)\n([\s\S]*)$/.exec(step) ?? [];
    const env = { NODE: process.execPath, BIN: join(root, installed.folder, "bin.js") };
    const { out } = await endOf(spawnCommand(service, ["bash", "-c", `${prompt}; ${line}`], { cwd: folder, env }));
    expect(comparable(out)).toEqual(comparable(expected));
  }
});

test("the question and the progress line", async () => {
  const [, question, progress] = /```text\n(Cancel .*\] )y\n(.*)\n```/.exec(page) as unknown as [
    string,
    string,
    string,
  ];
  const limited = held(send(429, {}, { "retry-after": "3" }));
  const stalled = () => {};
  Object.assign(service.scripts, { "ftjob-1": [send(404, {})], "ftjob-4": [limited], "ftjob-5": [limited] });
  Object.assign(service.scripts, { "ftjob-6": [stalled], "ftjob-7": [stalled] });
  const ids = Array.from({ length: 50 }, (_, index) => `ftjob-${index + 1}`);
  const run = start(service, ids, { isTerminal: true, env: { NO_COLOR: "1" } });
  await run.shows(question);
  run.stdin.write("y\r");
  await service.arrived(7);
  limited.release();
  await run.shows(progress);
  run.signal("SIGINT");
  run.signal("SIGINT");
  expect(await run.ended).toMatchObject({ code: 130 });
});

test("the page has the text of --help, every outcome and every exit code", () => {
  expect(blocks.length).toBeGreaterThan(5);
  expect(page).toContain(`\n${USAGE}\n`);
  const schema = JSON.parse(readFileSync(join(root, "docs/command.schema.json"), "utf8"));
  for (const outcome of schema.properties.outcome.enum)
    expect(page).toMatch(new RegExp(`^\\| \`${outcome}\` \\|`, "m"));
  for (const code of [0, 1, 2, 129, 130, 143]) expect(page).toMatch(new RegExp(`^\\| ${code} \\|`, "m"));
});
