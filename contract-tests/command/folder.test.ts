import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type ReferenceService, startReferenceService } from "../service/reference-service.js";
import { main } from "./contract.js";

const root = join(__dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a folder that cannot be written to is one line and exit code 2, before anything is asked", () => {
  let service: ReferenceService;
  beforeEach(async () => {
    service = await startReferenceService();
  });
  afterEach(() => service.close());

  const places: [what: string, make: () => string][] = [
    ["below /proc", () => "/proc/x"],
    ["deep below /proc", () => "/proc/self/x/y/z"],
    ["a file", () => join(root, "package.json")],
    ["below a file", () => join(root, "package.json", "reports")],
    ["a device", () => "/dev/full"],
    ["an empty name", () => "\0"],
    ["too long a name", () => join(folder, "x".repeat(300))],
    [
      "a link to nowhere",
      () => {
        symlinkSync(join(folder, "nowhere"), join(folder, "link"));
        return join(folder, "link");
      },
    ],
    [
      "a folder without permission",
      () => {
        mkdirSync(join(folder, "locked"));
        chmodSync(join(folder, "locked"), 0o500);
        // Permissions do not bind root.
        return process.getuid?.() === 0 ? "/proc/self" : join(folder, "locked");
      },
    ],
  ];
  test.each(places.flatMap(([what, make]) => ["--report", "--record"].map((option) => ({ option, what, make }))))(
    "$option, $what",
    async ({ option, make }) => {
      const [out, err] = [[] as string[], [] as string[]];
      const before = readdirSync(folder);
      const args = ["--target", service.url, "--cancel", "ftjob-queued", option, make()];
      const output = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
      const code = await main(args, { AZURE_OPENAI_API_KEY: service.apiKey }, output, root);
      expect({ code, out, requests: service.requests }).toEqual({ code: 2, out: [], requests: [] });
      expect(err).toEqual([expect.stringMatching(new RegExp(`^${option} .*cannot be written to.*$`))]);
      expect(readdirSync(folder).filter((name) => !["link", "locked"].includes(name))).toEqual(before);
    },
  );
});

test("SIGINT while a service is asked leaves no file behind", async () => {
  const service = createServer().listen(0, "127.0.0.1");
  await once(service, "listening");
  const { port } = service.address() as AddressInfo;
  const program = join(root, "contract-tests/command/contract.ts");
  const args = ["--target", `http://127.0.0.1:${port}`, "--report", join(folder, "made"), "--record", folder];
  const run = spawn(process.execPath, ["--import", "tsx", program, ...args], {
    cwd: root,
    env: { ...process.env, AZURE_OPENAI_API_KEY: "a-key-of-no-service" },
  });
  await once(service, "request");
  expect(readdirSync(folder)).not.toEqual([]);
  run.kill("SIGINT");
  const [code] = await once(run, "close");
  service.closeAllConnections();
  service.close();
  expect(code).toBe(130);
  expect(readdirSync(folder)).toEqual([]);
});
