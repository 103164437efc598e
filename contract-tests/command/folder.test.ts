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

/** Starts a run against a service that answers as `answer` does, and ends it at the first request without an answer. */
async function interrupt(
  args: readonly string[],
  answer: (url: string, method: string) => number | undefined,
  signal: NodeJS.Signals = "SIGINT",
) {
  const service = createServer();
  const stuck = new Promise<void>((resolve) => {
    service.on("request", ({ url = "", method = "" }, response) => {
      const status = answer(url, method);
      if (status === undefined) return resolve();
      const body = status === 200 ? { id: "ftjob-1", status: "cancelled" } : { error: { code: `${status}` } };
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  service.listen(0, "127.0.0.1");
  await once(service, "listening");
  const { port } = service.address() as AddressInfo;
  const program = join(root, "contract-tests/command/contract.ts");
  const options = ["--target", `http://127.0.0.1:${port}`, ...args];
  const run = spawn(process.execPath, ["--import", "tsx", program, ...options], {
    cwd: root,
    env: { ...process.env, AZURE_OPENAI_API_KEY: "a-key-of-no-service" },
  });
  let err = "";
  run.stderr.on("data", (text) => {
    err += text;
  });
  await stuck;
  const before = readdirSync(folder);
  run.kill(signal);
  const [code] = await once(run, "close");
  service.closeAllConnections();
  service.close();
  return { code, err, before };
}

test.each([
  ["SIGHUP", 129],
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s while a service is asked leaves no file behind", async (signal, exitCode) => {
  const folders = ["--report", join(folder, "made"), "--record", folder];
  const { code, before } = await interrupt(folders, () => undefined, signal);
  expect(before).not.toEqual([]);
  expect(code).toBe(exitCode);
  expect(readdirSync(folder)).toEqual([]);
});

test("SIGINT while a job is cancelled says that it may have been, and keeps what was asked", async () => {
  const cancels = ["--cancel", "ftjob-1", "--cancel", "ftjob-2", "--record", folder];
  let asked = 0;
  const { code, err } = await interrupt(cancels, (url, method) => {
    if (url.includes("ftjob-2")) return undefined;
    return url.includes("ftjob-1") ? 200 : method === "GET" ? 405 : [404, 401][Math.min(asked++, 1)];
  });
  expect(code).toBe(130);
  expect(err).toMatch(/\nftjob-2 may have been cancelled: the run ended before a response came\.\n$/);
  expect(readdirSync(folder).slice(4)).toEqual(["05-cancel-ftjob-1.json", "06-cancel-ftjob-2.json"]);
  const output: string[] = [];
  const print = (text: string) => void output.push(text);
  await main(["--replay", folder, "--only", "answered"], {}, { out: print, err: print }, root);
  expect(output.join("\n")).toMatch(/^Not verified: no violation, 1 not verified, /);
});
