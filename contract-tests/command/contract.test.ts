import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readContract } from "../../scripts/contract/read.js";
import { closeAtOnce, startFaultServer } from "../client/fault-server.js";
import { type Lies, type ReferenceService, startReferenceService } from "../service/reference-service.js";
import { checkCanary, makeJudges, serviceCheckNames } from "../service/service-checks.js";
import { specChecks } from "../spec/spec-checks.js";
import { main } from "./contract.js";

const root = join(__dirname, "../..");
let folder: string;
const services: { close(): Promise<void> }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "contract-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(services.splice(0).map((service) => service.close()));
});

async function serve(lies: Lies = {}): Promise<ReferenceService> {
  const service = await startReferenceService(lies);
  services.push(service);
  return service;
}

async function contract(args: readonly string[], env: NodeJS.ProcessEnv = {}, at = root) {
  const [out, err] = [[] as string[], [] as string[]];
  const code = await main(args, env, { out: (text) => out.push(text), err: (text) => err.push(text) }, at);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const hold = (service: ReferenceService, ...args: string[]) =>
  contract(["--target", service.url, ...args], { AZURE_OPENAI_API_KEY: service.apiKey });

/** A lie about the job in an answer. */
const saying = (members: object): Lies => ({
  change: (answer) =>
    answer.status === 200 ? { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), ...members }) } : answer,
});

describe("npm run contract", () => {
  test("holds the contract, Prism and the reference service to it, and finds nothing", async () => {
    const { code, out } = await contract([]);
    expect(code).toBe(0);
    expect(out).toMatch(/^contract: 12 checked, 12 good$/m);
    expect(out).toMatch(/^prism: 15 checked, 15 good$/m);
    expect(out).toMatch(/^reference service: 20 checked, 20 good$/m);
    expect(out).toMatch(/known drift: 0\n\nviolations: 0$/);
    expect(out.split("\n").length).toBeLessThan(24);
  });

  test("--list names every check", async () => {
    expect((await contract(["--list"])).out.split("\n")).toEqual([...Object.keys(specChecks), ...serviceCheckNames]);
  });
});

describe("--target", () => {
  test("changes nothing, and says what cannot be seen without cancelling", async () => {
    const service = await serve();
    const { code, out } = await hold(service);
    expect(code).toBe(0);
    expect(service.asked).toHaveLength(4);
    for (const asked of service.asked)
      expect(asked).toMatch(/^(POST|GET) \/openai\/v1\/fine_tuning\/jobs\/ftjob-contract-[\da-f]{24}\/cancel$/);
    expect(out).toContain("4 checked, 4 good");
    expect(out).toMatch(/responses 1\/2 .*security 2\/2/);
    expect(out).toMatch(
      /not attainable without cancelling a job \(--cancel <id>\): 1 responses, \d+ members, 2 headers/,
    );
  });

  test("a token does as well as a key", async () => {
    const service = await serve();
    expect(await contract(["--target", service.url], { AZURE_OPENAI_AD_TOKEN: service.token })).toMatchObject({
      code: 0,
    });
  });

  test("--cancel cancels each job once, after saying so", async () => {
    const service = await serve();
    const { queued = "", running = "" } = service.jobs;
    const { code, out } = await hold(service, "--cancel", queued, "--cancel", running);
    expect(code).toBe(0);
    expect(out).toContain(`Cancelling ${queued} on ${service.url}, for real.\nCancelling ${running}`);
    expect(service.asked.filter((asked) => asked.includes(queued))).toHaveLength(1);
    expect(service.asked.filter((asked) => asked.includes(running))).toHaveLength(1);
    expect(out).toMatch(/responses 2\/2/);
    expect(out).not.toContain("not attainable");
  });

  test("known drift is told with the overlay's words, and fails only with --strict", async () => {
    const drifting = saying({ finished_at: 1_763_900_100, seed: null, organization_id: undefined });
    const one = await serve(drifting);
    const { code, out } = await hold(one, "--cancel", one.jobs.queued as string);
    expect(code).toBe(0);
    expect(out).toContain("known drift: 3");
    expect(out).toContain("`finished_at` is Unix seconds as an integer (Azure and OpenAI");
    expect(out).toContain("`seed` is null (OpenAI's newest cancel example).");
    expect(out).toContain("`organization_id` is absent (Azure).");
    const two = await serve(drifting);
    expect(await hold(two, "--cancel", two.jobs.queued as string, "--strict")).toMatchObject({ code: 1 });
  });

  test("a violation is told with its place, what was accepted, what arrived, and how to see it again; no value, no key", async () => {
    const service = await serve(saying({ status: "private-status", metadata: { "private-name": "private-value" } }));
    const { code, out } = await hold(service, "--cancel", service.jobs.queued as string);
    expect(code).toBe(1);
    expect(out).toContain("violations: 1");
    expect(out).toMatch(
      /cancel ftjob-queued: \/status expected "validating_files" or .* or "created", got string \[body\]\n {4}documented: "validating_files" or .* or "cancelled"\n/,
    );
    expect(out).toContain(
      `curl -i -X POST -H "api-key: $AZURE_OPENAI_API_KEY" '${service.url}/openai/v1/fine_tuning/jobs/ftjob-queued/cancel'`,
    );
    expect(out).toMatch(/answered 200 \{"id":"ftjob-queued"/);
    expect(out).not.toContain("private");
    expect(out).not.toContain(service.apiKey);
  });

  test.each<[what: string, args: string[], env: NodeJS.ProcessEnv, says: RegExp]>([
    ["a misspelt option", ["--taget", "https://example.com"], {}, /taget/],
    ["a key as an argument", ["--key", "secret"], {}, /--key/],
    ["no URL", ["--target", "my-resource"], {}, /not a URL/],
    ["plain http off loopback", ["--target", "http://example.com"], {}, /https/],
    ["a password in the URL", ["--target", "https://a:b@example.com"], {}, /password/],
    ["a path", ["--target", "https://example.com/other"], {}, /origin/],
    ["no credential", ["--target", "https://example.com"], {}, /AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN/],
    [
      "a credential with a line break",
      ["--target", "https://example.com"],
      { AZURE_OPENAI_API_KEY: "a-key\n" },
      /line break/,
    ],
    ["--cancel without a target", ["--cancel", "ftjob-1"], {}, /--cancel goes with --target/],
    ["--cancel of nothing", ["--target", "https://example.com", "--cancel", ""], {}, /id of a job/],
    ["both a target and recordings", ["--target", "https://example.com", "--replay", "x"], {}, /not both/],
    ["recordings that are not there", ["--replay", "/no/such/folder"], {}, /no such file/],
    [
      "a target that cannot be reached",
      ["--target", "http://127.0.0.1:9"],
      { AZURE_OPENAI_API_KEY: "a-key" },
      /cannot be reached: ECONNREFUSED/,
    ],
  ])("%s is exit code 2, with the reason", async (_, args, env, says) => {
    const { code, out, err } = await contract(args, env);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(says);
    expect(err).not.toContain("a-key");
  });

  test("a key that the service refuses is exit code 2", async () => {
    const service = await serve();
    const { code, err } = await contract(["--target", service.url], { AZURE_OPENAI_API_KEY: "the-wrong-key" });
    expect(code).toBe(2);
    expect(err).toContain("refuses the credential with 401");
    expect(err).not.toContain("the-wrong-key");
  });

  test("a redirect is a violation, and the key does not cross it", async () => {
    const other = await serve();
    const service = await serve({
      change: (answer) => ({
        ...answer,
        status: 307,
        headers: { ...answer.headers, location: `${other.url}/elsewhere` },
      }),
    });
    const { code, out } = await hold(service);
    expect(code).toBe(1);
    expect(out).toContain("answered 307, a redirect");
    expect(other.asked).toEqual([]);
  });

  test("a service that breaks off is a violation, not a crash", async () => {
    const service = await startFaultServer([closeAtOnce]);
    services.push(service);
    const { code, out } = await contract(["--target", `http://127.0.0.1:${service.port}`], {
      AZURE_OPENAI_API_KEY: "a-key",
    });
    expect(code).toBe(1);
    expect(out).toContain("no whole answer: ECONNRESET");
  });
});

test("judges that find nothing wrong with a broken answer are not believed", async () => {
  const judges = await makeJudges(await readContract(root));
  expect(() => checkCanary(judges)).not.toThrow();
  const silent = { ...judges, prismDocumented: () => [] };
  expect(() => checkCanary(silent)).toThrow("Prism on openapi.yaml finds nothing wrong");
});

describe("--report", () => {
  test("writes JUnit and JSON, and annotations where GitHub runs it", async () => {
    const service = await serve(saying({ status: 'a "new" <status>', seed: null }));
    const args = ["--target", service.url, "--cancel", service.jobs.queued as string, "--report", folder];
    const { code, out } = await contract(args, { AZURE_OPENAI_API_KEY: service.apiKey, GITHUB_ACTIONS: "true" });
    expect(code).toBe(1);
    expect(out).toMatch(/^::error title=contract violation::.*cancel ftjob-queued: \/status expected/m);
    expect(out).toMatch(/^::notice title=known drift::.*`seed` is null/m);
    const xml = readFileSync(join(folder, "contract.xml"), "utf8");
    expect(xml).toContain('<testsuite name="contract" tests="5" failures="1">');
    expect(xml).toMatch(
      /<testcase classname="http:\/\/127[^"]*" name="cancel ftjob-queued">\s*<failure message="body: \/status expected &quot;/,
    );
    const json = JSON.parse(readFileSync(join(folder, "contract.json"), "utf8"));
    expect(json).toHaveLength(5);
    expect(json[4].findings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ check: "body", verdict: "violation", pointer: "/status", actual: "string" }),
        expect.objectContaining({
          check: "body",
          verdict: "known-drift",
          pointer: "/seed",
          documented: "integer",
          actual: "null",
        }),
      ]),
    );
    for (const text of [out, xml, JSON.stringify(json)]) {
      expect(text).not.toContain(service.apiKey);
      expect(text).not.toContain("<status>");
    }
  });
});

describe("--record and --replay", () => {
  test("what was recorded is judged alike, without a network, and holds nothing private", async () => {
    const members = {
      status: "private-status",
      seed: null,
      metadata: { "private-a": "private", "private-b": "x".repeat(600) },
      user_provided_suffix: "private",
    };
    const service = await serve(saying(members));
    const live = await hold(service, "--cancel", service.jobs.queued as string, "--record", folder);
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(texts).toHaveLength(5);
    for (const text of texts) expect(text).not.toMatch(/private|reference-key|org-1|file-training/);
    await service.close();
    services.pop();

    const again = await contract(["--replay", folder]);
    expect([live.code, again.code]).toEqual([1, 1]);
    const told = (out: string) =>
      out
        .split("\n")
        .filter((line) => /\[\w+\]$|known drift|violations/.test(line))
        .map((line) => line.replace(/^.*?, /, ""));
    // A private name is masked in the place too.
    expect(told(again.out).map((line) => line.replace(/\/metadata\/\S+/, "/metadata/*"))).toEqual(
      told(live.out).map((line) => line.replace(/\/metadata\/\S+/, "/metadata/*")),
    );
    expect(again.out).toContain("violations: 2");
  });

  test("a recording can be written by hand", async () => {
    writeFileSync(
      join(folder, "ticket.json"),
      JSON.stringify({ response: { status: 401, body: { statusCode: 401, message: "Missing key." } } }),
    );
    writeFileSync(join(folder, "page.json"), JSON.stringify({ response: { status: 502, body: "<html></html>" } }));
    const { code, out } = await contract(["--replay", folder]);
    expect(code).toBe(0);
    expect(out).toContain("2 checked, 2 good");
    expect(out).toContain("An error answer is an HTML page (502 from front ends).");
  });

  test.each([
    ["no JSON", "{", /ticket\.json: /],
    ["no response", "{}", /ticket\.json: has no response/],
    ["no status", '{"response":{}}', /ticket\.json: response\.status/],
  ])("a recording with %s is exit code 2, and is named", async (_, text, says) => {
    writeFileSync(join(folder, "ticket.json"), text);
    expect(await contract(["--replay", folder])).toMatchObject({ code: 2, err: expect.stringMatching(says) });
  });

  test("no recording at all is exit code 2", async () => {
    expect(await contract(["--replay", folder])).toMatchObject({
      code: 2,
      err: expect.stringContaining("holds no recording"),
    });
  });
});

test("--propose-overlay prints actions with which the same answers are known drift", async () => {
  const job = {
    id: "ftjob-1",
    created_at: "2026-11-23T00:00:00Z",
    model: null,
    object: "fine_tuning.job.v2",
    status: "stopping",
    error: "none",
    hyperparameters: { n_epochs: null, batch_size: true },
    integrations: [{ type: "mlflow", wandb: null }],
    method: { type: "supervised", supervised: [] },
    metadata: "none",
  };
  const recordings = join(folder, "recordings");
  mkdirSync(recordings);
  writeFileSync(
    join(recordings, "job.json"),
    JSON.stringify({ jobId: "ftjob-1", expect: "job", response: { status: 200, body: job } }),
  );
  writeFileSync(
    join(recordings, "error.json"),
    JSON.stringify({ response: { status: 400, body: { error: { message: 7, inner_error: "deep" } } } }),
  );
  const before = await contract(["--replay", recordings, "--propose-overlay"]);
  expect(before.code).toBe(1);
  expect(before.out).toContain("training_file");
  const [, proposed = ""] = before.out.split("# Proposed for the end of observed.overlay.yaml:\n");
  expect(proposed.match(/^- target: /gm)?.length).toBeGreaterThan(9);

  for (const file of ["openapi.yaml", "redocly.yaml"]) cpSync(join(root, file), join(folder, file));
  const indented = proposed
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .map((line) => `  ${line}`)
    .join("\n");
  writeFileSync(
    join(folder, "observed.overlay.yaml"),
    `${readFileSync(join(root, "observed.overlay.yaml"), "utf8")}${indented}\n`,
  );
  const after = await contract(["--replay", recordings], {}, folder);
  expect(after).toMatchObject({ code: 0, err: "" });
  expect(after.out).toContain("violations: 0");
});
