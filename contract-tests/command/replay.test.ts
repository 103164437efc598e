import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { main } from "./contract.js";

const root = join(__dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contract-"));
  recordings("older", { status: 404, body: { error: { code: "404", message: "No such job." } } });
  recordings("newer", { status: 400, body: { error: { code: "400", param: "secret", message: "No such job." } } });
  mkdirSync(join(folder, "empty"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function recordings(name: string, response: object, asked = {}): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, "unknown-job.json"), JSON.stringify({ ...asked, response }));
}

async function replay(...folders: string[]) {
  const [out, err] = [[] as string[], [] as string[]];
  const args = ["--replay", ...folders.map((each) => (each.startsWith("--") ? each : resolve(folder, each)))];
  const code = await main(args, {}, { out: (text) => out.push(text), err: (text) => err.push(text) }, root);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

test("--replay OLD NEW judges the newer recordings, and says what is different since the older", async () => {
  const { code, out } = await replay("older", "newer");
  expect(out).toContain(`${join(folder, "newer")}: 1 checked`);
  expect(out).toMatch(
    /differences since the older recording: 2\n {2}unknown-job, status: 404 → 400\n {2}unknown-job, body \/error\/param: absent → string$/,
  );
  expect(out.split("differences since")[1]).not.toContain("secret");
  expect(code).toBe(0);
});

test.each([
  [{ colour: true }, "\u001b["],
  [{ colour: false }, "Good: "],
  [{}, "Good: "],
])("the verdict has a colour where the output shows them: %j", async (terminal, start) => {
  const out: string[] = [];
  await main(
    ["--replay", join(folder, "older")],
    {},
    { out: (text) => out.push(text), err: () => {}, ...terminal },
    root,
  );
  expect(out[0]?.slice(0, start.length)).toBe(start);
});

test.each(["--record", "--report"])(
  "%s with a path that no folder can have: exit code 2 and the option",
  async (option) => {
    const file = join(folder, "older/unknown-job.json");
    const { code, out, err } = await replay("older", option, file);
    expect({ code, out, err }).toEqual({
      code: 2,
      out: "",
      err: expect.stringContaining(`${option} ${file} cannot be`),
    });
  },
);

test("--replay with one folder compares nothing", async () => {
  expect((await replay("newer")).out).not.toContain("differences since");
});

test("--only cancelled is not good when a page came in place of the job", async () => {
  recordings("page", { status: 200, body: "<p>" }, { expect: "job" });
  const { code, out } = await replay("page", "--only=cancelled");
  expect(out).toContain("a cancelled job was expected [cancelled]");
  expect(code).toBe(1);
});

test("nothing in a recording, and no name of a folder, makes a line of its own or a command of a CI server", async () => {
  const hostile = "::error::forged\n::error::forged\r\u001b[2J\u2028##[error]forged ##vso[forged]";
  const request = { method: hostile, path: hostile, headers: { [hostile]: hostile } };
  const asked = { probe: hostile, jobId: hostile, expect: [404], request };
  const headers = { "content-type": hostile, "retry-after": hostile, "x-request-id": [hostile, hostile] };
  const error = { [hostile]: hostile, code: hostile, message: 7 };
  const odd = `new\n::error::forged`;
  recordings(odd, { status: 200, headers, body: { error, [hostile]: 1, metadata: { [hostile]: 7 } } });
  const file = (name: string, content: object) =>
    writeFileSync(join(folder, odd, `${name}.json`), JSON.stringify({ ...asked, ...content }));
  file("a", { response: { status: 400, headers, body: { error } } });
  file("b", { response: { failure: hostile } });
  const printed = [
    await replay("older", odd),
    await replay(odd, "newer"),
    await replay(`${odd}x`),
    await replay("empty\n"),
  ];
  expect(printed.map(({ code }) => code)).toEqual([1, 0, 2, 2]);
  for (const line of printed.flatMap(({ out, err }) => `${out}\n${err}`.split("\n")))
    expect(line).not.toMatch(/^\s*::|##\w*\[|\p{Cc}|\u2028/u);
  expect(printed[0]?.out.split("\n")[0]).toMatch(/^Violation: .* checked\)\.$/);
});

test.each([
  ["an older folder without recordings", ["empty", "newer"], "empty contains no recording."],
  ["an older folder that does not exist", ["none", "newer"], "ENOENT"],
  ["a third folder", ["older", "newer", "empty"], "Unexpected argument"],
])("exit code 2: %s", async (_, folders, message) => {
  const { code, out, err } = await replay(...folders);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(message);
});
