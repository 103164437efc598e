/** `npm start`: the command on the embedded service, unless a real one is named. */
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { start as startScript } from "../../scripts/start.js";
import { command, endOf, type Service, spawnCommand, startService } from "./command-harness.js";

const root = join(__dirname, "../..");
let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());
beforeEach(() => {
  service.seen.length = 0;
});

describe("npm start", () => {
  const NOTHING = { AZURE_OPENAI_ENDPOINT: "", AZURE_OPENAI_API_KEY: "" };
  const npmStart = (args: readonly string[], env: NodeJS.ProcessEnv = NOTHING) =>
    command(service, args, { program: startScript, env });

  test("without a real service it cancels a job on the embedded one", async () => {
    const program = [process.execPath, "--import", "tsx", "scripts/start.ts"] as const;
    const { code, out, err } = await endOf(spawnCommand(service, [...program], { cwd: root, env: NOTHING }));
    expect(code).toBe(0);
    expect(err).toMatch(/^Service: http:\/\/127\.0\.0\.1:\d+ \(embedded Prism: .* no real job is touched\)\n$/);
    expect(out).toMatch(
      /^ftjob-abc123 {2}cancelled .*\n\n1 of 1 job cancelled in \d+\.\d s\.\n\ncancelled \(1\)\n {2}ftjob-abc123\n$/,
    );
  });

  test("without an id it takes the one that the embedded service knows", async () => {
    const { code, out, err } = await npmStart([]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^ftjob-abc123 {2}cancelled /) });
    expect(err).toMatch(/^Service: http:\/\/127\.0\.0\.1:\d+ \(embedded Prism: .*\)\n$/);
  });

  test("takes ids, and says that the embedded service answers with another job", async () => {
    const { code, out } = await npmStart(["ftjob-other", "ftjob-abc123"]);
    expect(code).toBe(1);
    expect(out).toContain('The service answered with another job: "ftjob-abc123", whose status is "cancelled".');
    expect(out).toContain("1 of 2 jobs cancelled");
  });

  test("with ids from a file it takes no id of its own", async () => {
    const stdin = "ftjob-other\n";
    const options = { program: startScript, env: NOTHING, stdin };
    const { out } = await command(service, ["--dry-run", "--file", "-"], options);
    expect(out).toMatch(/^POST \S+\/ftjob-other\/cancel\n$/);
  });

  test.each([
    ["a service in the environment", [], {}, /No job id given/],
    ["an endpoint alone", ["a"], { AZURE_OPENAI_API_KEY: "" }, /Missing: AZURE_OPENAI_API_KEY/],
    ["a key alone", ["a"], { AZURE_OPENAI_ENDPOINT: "" }, /Missing: AZURE_OPENAI_ENDPOINT/],
    ["a token alone", ["a"], { ...NOTHING, AZURE_OPENAI_AD_TOKEN: "token" }, /Missing: AZURE_OPENAI_ENDPOINT/],
    ["--endpoint", ["--endpoint=https://example.com", "a"], NOTHING, /Missing: AZURE_OPENAI_API_KEY/],
    ["--auth", ["--auth", "entra", "a"], NOTHING, /Missing: AZURE_OPENAI_ENDPOINT/],
  ])("with %s it means a real one, and never cancels by default", async (_, args, env, message) => {
    expect(await npmStart(args, env)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(message) });
    expect(service.seen).toEqual([]);
  });
});
