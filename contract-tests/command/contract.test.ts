import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Misbehaviour, type ReferenceService, startReferenceService } from "../service/reference-service.js";
import { serviceChecks } from "../service/service-checks.js";
import { specChecks } from "../spec/spec-checks.js";
import { fullValue } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { pathOf } from "../tables/page.js";
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

async function serve(misbehaviour: Misbehaviour = {}): Promise<ReferenceService> {
  const service = await startReferenceService(misbehaviour);
  services.push(service);
  return service;
}

async function contract(args: readonly string[], env: NodeJS.ProcessEnv = {}, at = root) {
  const [out, err] = [[] as string[], [] as string[]];
  const code = await main(args, env, { out: (text) => out.push(text), err: (text) => err.push(text) }, at);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

const checkService = (service: ReferenceService, ...args: string[]) =>
  contract(["--target", service.url, ...args], { AZURE_OPENAI_API_KEY: service.apiKey });

/** Fails with all that the command printed, so that the findings are there to read. */
function expectExit({ code, out, err }: Awaited<ReturnType<typeof contract>>, expected: number): void {
  if (code !== expected) throw new Error(`exit code ${code}, expected ${expected}\n${err}\n${out}`);
}

/** Puts other members into the job of a response. */
const withMembers = (members: object): Misbehaviour => ({
  change: (response) =>
    response.status === 200
      ? { ...response, body: JSON.stringify({ ...JSON.parse(response.body), ...members }) }
      : response,
});

describe("npm run contract", () => {
  test("checks the contract, Prism and the reference service, and finds nothing", async () => {
    const result = await contract([]);
    expectExit(result, 0);
    const { out } = result;
    expect(out).toMatch(/^contract: 14 checked, 14 good$/m);
    expect(out).toMatch(/^prism: 15 checked, 15 good\n.* responses 2\/2 {2}members (\d+)\/\1 {2}security 1\/2 /m);
    expect(out).toMatch(
      /^reference service: 20 checked, 20 good\n.* responses 2\/2 {2}members \d+\/\d+ {2}security 2\/2 /m,
    );
    expect(out).toMatch(/^Good: no violation, no known drift at contract, prism, reference service \(49 checked\)\.\n/);
    expect(out.split("\n").length).toBeLessThan(24);
  });

  test("closes the services that it started", async () => {
    const servers = () => process.getActiveResourcesInfo().filter((each) => each === "TCPServerWrap").length;
    const before = servers();
    expectExit(await contract(["--only", "answered"]), 0);
    expect(servers()).toBe(before);
  });

  test("asks Prism for each example by its name, and once without a key", async () => {
    expectExit(await contract(["--only", "answered", "--record", folder]), 0);
    const recordings = readdirSync(folder)
      .sort()
      .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")))
      .slice(0, 15);
    for (const { probe, jobId, expect: expected, request } of recordings) {
      expect(request).toMatchObject({ method: "POST", path: pathOf(jobId) });
      if (probe === "no key") {
        expect({ expected, headers: request.headers }).toEqual({ expected: [401], headers: {} });
        continue;
      }
      expect({ jobId, expected }).toEqual({ jobId: "ftjob-abc123", expected: "any" });
      expect(request.headers).toEqual({
        "api-key": "***",
        prefer: expect.stringMatching(new RegExp(`^code=\\d{3}, example=${probe}$`)),
      });
    }
    expect(recordings.map(({ probe }) => probe)).toContain("no key");
  });

  test("a report says how long the run and each check took", async () => {
    const began = Date.now();
    expectExit(await contract(["--only", "compiles", "--report", folder]), 0);
    const took = Date.now() - began;
    const { time, checks } = JSON.parse(readFileSync(join(folder, "contract.json"), "utf8"));
    for (const durationMs of [time.durationMs, ...checks.map((each: { durationMs: number }) => each.durationMs)]) {
      expect(durationMs).toBeGreaterThanOrEqual(0);
      expect(durationMs).toBeLessThanOrEqual(took + 1);
    }
  });

  test("an error that is no problem of the contract keeps its stack", async () => {
    const failing = () => {
      throw new TypeError("a mistake in the code");
    };
    await expect(main(["--help"], {}, { out: failing, err: () => {} })).rejects.toThrow("a mistake in the code");
  });

  test("contract files may begin with a byte order mark and end their lines with CRLF", async () => {
    for (const file of ["openapi.yaml", "observed.overlay.yaml", "redocly.yaml"])
      writeFileSync(join(folder, file), `\ufeff${readFileSync(join(root, file), "utf8").replaceAll("\n", "\r\n")}`);
    expectExit(await contract([], {}, folder), 0);
  });

  test("--list has a line for each check: its name, and what it demands in a sentence", async () => {
    const { out } = await contract(["--list"]);
    expect(out.split("\n").map((line) => line.split(/ {2,}/))).toEqual(
      Object.entries({ ...specChecks, ...serviceChecks }).map(([name]) => [
        name,
        expect.stringMatching(/^[A-Za-z].*\.$/),
      ]),
    );
  });
});

describe("--target", () => {
  test("changes nothing, and says what cannot be seen without cancelling", async () => {
    const service = await serve();
    const result = await checkService(service);
    expectExit(result, 0);
    const { out } = result;
    expect(service.requests).toHaveLength(4);
    for (const request of service.requests)
      expect(request).toMatch(/^(POST|GET) \/openai\/v1\/fine_tuning\/jobs\/ftjob-contract-[\da-f]{24}\/cancel$/);
    expect(out).toContain("4 checked, 4 good");
    expect(out).toMatch(/responses 1\/2 .*security 2\/2/);
    expect(out).toMatch(
      /not attainable without cancelling a job \(--cancel <id>\): 1 responses, \d+ members, 2 headers/,
    );
  });

  test("a token works like a key", async () => {
    const service = await serve();
    expectExit(await contract(["--target", service.url], { AZURE_OPENAI_AD_TOKEN: service.token }), 0);
  });

  test("a gateway with a base path is checked below it", async () => {
    const service = await startReferenceService({}, "/team/aoai");
    services.push(service);
    const target = `${service.url}/team/aoai/openai/v1/`;
    expectExit(await contract(["--target", target], { AZURE_OPENAI_API_KEY: service.apiKey }), 0);
    expect(service.requests).toHaveLength(4);
    for (const request of service.requests)
      expect(request).toMatch(/^\w+ \/team\/aoai\/openai\/v1\/fine_tuning\/jobs\//);
  });

  test("--cancel cancels each job once, after saying so", async () => {
    const service = await serve();
    const { queued = "", running = "" } = service.jobs;
    const result = await checkService(service, "--cancel", queued, "--cancel", running);
    expectExit(result, 0);
    const { out, err } = result;
    expect(err).toContain(`Cancelling ${queued} on ${service.url}, for real.\n${queued} is cancelled.\n`);
    expect(err).toContain(`Cancelling ${running} on ${service.url}, for real.\n${running} is cancelled.`);
    expect(service.requests.filter((request) => request.includes(queued))).toHaveLength(1);
    expect(service.requests.filter((request) => request.includes(running))).toHaveLength(1);
    expect(out).toMatch(/responses 2\/2/);
    expect(out).not.toContain("not attainable");
  });

  test("known drift is shown in the overlay's words, and fails only with --strict", async () => {
    const drifting = withMembers({ finished_at: 1_763_900_100, seed: null, organization_id: undefined });
    const one = await serve(drifting);
    const result = await checkService(one, "--cancel", one.jobs.queued as string);
    expectExit(result, 0);
    const { out } = result;
    expect(out).toMatch(/^Known drift: no violation, 3 known drifts at /);
    expect(out).toContain("`finished_at` is an integer in Unix seconds (Azure and OpenAI");
    expect(out).toContain("`seed` is null (OpenAI's newest cancel example).");
    expect(out).toContain("`organization_id` is absent (Azure).");
    const two = await serve(drifting);
    expectExit(await checkService(two, "--cancel", two.jobs.queued as string, "--strict"), 1);
  });

  test("a violation is shown with its place, what is accepted, what arrived, and how to reproduce it; no value, no key", async () => {
    const service = await serve(
      withMembers({ status: "private-status", metadata: { "private-name": "private-value" } }),
    );
    const result = await checkService(service, "--cancel", service.jobs.queued as string);
    expectExit(result, 1);
    const { out } = result;
    expect(out).toMatch(/^Violation: 1 violation, no known drift at /);
    expect(out).toMatch(
      / {2}\/status expected "validating_files" or .* or "created", got string \[body\]\n {4}documented: "validating_files" or .* or "cancelled"\n {4}in cancel ftjob-queued\n {4}came back: \{ …, "status": <string, 14 characters>, … \}\n/,
    );
    expect(out).toContain(
      `curl -i -X POST -H "api-key: $AZURE_OPENAI_API_KEY" -H 'content-length: 0' '${service.url}${pathOf("ftjob-queued")}'`,
    );
    expect(out).not.toContain("private");
    expect(out).not.toContain(service.apiKey);
  });

  test.each<[what: string, args: string[], env: NodeJS.ProcessEnv, says: RegExp]>([
    ["a misspelt option", ["--taget", "https://example.com"], {}, /taget/],
    ["a key as an argument", ["--key", "secret"], {}, /--key/],
    ["a target that is not a URL", ["--target", "my-resource"], {}, /not a URL/],
    ["plain http to another host", ["--target", "http://example.com"], {}, /https/],
    ["a target with a password", ["--target", "https://a:b@example.com"], {}, /must have no user name and no password/],
    ["a target with a path beyond /openai/v1", ["--target", "https://example.com/openai/v2"], {}, /no path beyond/],
    ["a target with dots", ["--target", "https://example.com/a/../b"], {}, /no dot segment/],
    ["no credential", ["--target", "https://example.com"], {}, /AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN/],
    [
      "a credential with a line break",
      ["--target", "https://example.com"],
      { AZURE_OPENAI_API_KEY: "a-key\n" },
      /line break/,
    ],
    ["--cancel without a target", ["--cancel", "ftjob-1"], {}, /--cancel needs --target/],
    ["--cancel of nothing", ["--target", "https://example.com", "--cancel", ""], {}, /id of a job/],
    ["both a target and recordings", ["--target", "https://example.com", "--replay", "x"], {}, /not both/],
    ["a folder of recordings that does not exist", ["--replay", "/no/such/folder"], {}, /no such file/],
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

  test("a redirect is a violation, and is not followed", async () => {
    const other = await serve();
    const service = await serve({
      change: (response) => ({
        ...response,
        status: 307,
        headers: { ...response.headers, location: `${other.url}/elsewhere` },
      }),
    });
    const result = await checkService(service);
    expectExit(result, 1);
    expect(result.out).toContain("returned 307, a redirect");
    expect(other.requests).toEqual([]);
  });

  test("a service that closes the connection is a violation, not a crash", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const result = await contract(["--target", url], { AZURE_OPENAI_API_KEY: "a-key" });
    server.close();
    expectExit(result, 1);
    expect(result.out).toContain("no complete response: ECONNRESET");
  });

  test("--only with a check that had nothing to judge is exit code 2, and writes a report", async () => {
    const result = await checkService(await serve(), "--only", "same-job", "--report", folder);
    expectExit(result, 2);
    expect(result.out).toMatch(/^Not verified: same-job had nothing to judge\.\n/);
    expect(readdirSync(folder)).toContain("contract.json");
  });

  test("--only with a check that does not exist is exit code 2, before anything is asked", async () => {
    const service = await serve();
    const result = await checkService(service, "--cancel", service.jobs.queued as string, "--only", "bodies");
    expectExit(result, 2);
    expect(result.err).toBe("--only bodies: no such check. --list lists them.");
    expect(service.requests).toEqual([]);
  });

  test("--only does not hide that nothing was answered", async () => {
    writeFileSync(join(folder, "one.json"), JSON.stringify({ response: { failure: "ECONNRESET" } }));
    const result = await contract(["--replay", folder, "--only", "body"]);
    expectExit(result, 1);
    expect(result.out).toContain("no complete response: ECONNRESET [answered]");
  });
});

describe("--report", () => {
  test("writes JUnit, JSON and HTML, and annotations where GitHub runs it", async () => {
    const service = await serve(withMembers({ status: 'a "new" <status>', seed: null }));
    const args = ["--target", service.url, "--cancel", service.jobs.queued as string, "--report", folder];
    const result = await contract(args, { AZURE_OPENAI_API_KEY: service.apiKey, GITHUB_ACTIONS: "true" });
    expectExit(result, 1);
    const { out } = result;
    expect(out).toMatch(/^::error title=contract violation::.*cancel ftjob-queued: \/status expected/m);
    expect(out).toMatch(/^::notice title=known drift::.*`seed` is null/m);
    const elsewhere = await contract(args, { AZURE_OPENAI_API_KEY: service.apiKey });
    expectExit(elsewhere, 1);
    expect(elsewhere.out).not.toMatch(/^::/m);
    const [xml, json, html] = ["xml", "json", "html"].map((type) =>
      readFileSync(join(folder, `contract.${type}`), "utf8"),
    );
    for (const text of [out, xml, json, html]) {
      expect(text).not.toContain(service.apiKey);
      expect(text).not.toContain("<status>");
    }
  });
});

describe("--record and --replay", () => {
  test("a recording gets the same verdict without a network, and contains nothing private", async () => {
    const members = {
      status: "private-status",
      seed: null,
      metadata: { "private-a": "private", "private-b": "x".repeat(600) },
      user_provided_suffix: "private",
    };
    const service = await serve(withMembers(members));
    const live = await checkService(service, "--cancel", service.jobs.queued as string, "--record", folder);
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(texts).toHaveLength(5);
    for (const text of texts) expect(text).not.toMatch(/private|reference-key|org-1|file-training/);
    await service.close();
    services.pop();

    const again = await contract(["--replay", folder]);
    expectExit(live, 1);
    expectExit(again, 1);
    const findingsIn = (out: string) =>
      out.split("\n").filter((line) => /\[\w+\]$|came back|^Violations|^Known/.test(line));
    expect(findingsIn(again.out)).toEqual(findingsIn(live.out));
    expect(again.out).toMatch(/^Violation: 2 violations, 1 known drift at /);
  });

  test("a folder has the recordings of the last run, and may have its report as well", async () => {
    writeFileSync(join(folder, "ticket.json"), JSON.stringify({ response: { status: 401 } }));
    const service = await serve();
    const files = ["--record", folder, "--report", folder];
    expectExit(await checkService(service, "--cancel", "ftjob-queued", ...files), 0);
    expectExit(await checkService(service, "--cancel", "ftjob-running", ...files), 0);
    const names = readdirSync(folder).filter((name) => name.includes("cancel"));
    expect(names).toEqual(["05-cancel-ftjob-running.json"]);
    const { out } = await contract(["--replay", folder]);
    expect(out).toContain("6 checked");
  });

  test("a recording can be written by hand", async () => {
    writeFileSync(
      join(folder, "ticket.json"),
      JSON.stringify({ response: { status: 401, body: { statusCode: 401, message: "Missing key." } } }),
    );
    writeFileSync(join(folder, "page.json"), JSON.stringify({ response: { status: 502, body: "<html></html>" } }));
    const result = await contract(["--replay", folder]);
    expectExit(result, 0);
    const { out } = result;
    expect(out).toContain("2 checked, 2 good");
    expect(out).toContain("An error answer with status 502 is an HTML page (front ends).");
  });

  test.each([
    ["invalid JSON", "{", /ticket\.json: /],
    ["no response", "{}", /ticket\.json: the recording must have required property 'response'/],
    ["no status", '{"response":{}}', /ticket\.json: response must have required property 'status'/],
    ["an impossible status", '{"response":{"status":99}}', /ticket\.json: response\.status must be >= 100/],
    ["a list in place of a recording", "[]", /ticket\.json: the recording must be object/],
    ["null in place of a recording", "null", /ticket\.json: the recording must be object/],
    ["an unknown expectation", '{"expect":"cancel","response":{"status":200}}', /ticket\.json: expect must be/],
    ["a job id that is a number", '{"jobId":7,"response":{"status":200}}', /ticket\.json: jobId must be string/],
    [
      "a header that is a number",
      '{"response":{"status":200,"headers":{"a":1}}}',
      /ticket\.json: response\.headers\.a/,
    ],
    [
      "bytes that are not base64",
      '{"response":{"status":200,"bodyBase64":"{}"}}',
      /ticket\.json: response\.bodyBase64/,
    ],
    ["a cut-off text", '{"response":{"status":200,"bo', /ticket\.json: /],
  ])("a recording with %s is exit code 2, and the file is named", async (_, text, says) => {
    writeFileSync(join(folder, "ticket.json"), text);
    const { code, out, err } = await contract(["--replay", folder]);
    expect({ code, out, lines: err.split("\n").length }).toEqual({ code: 2, out: "", lines: 1 });
    expect(err).toMatch(says);
  });

  test("a recording may begin with a byte order mark and end its lines with CRLF", async () => {
    writeFileSync(join(folder, "ticket.json"), '\ufeff{\r\n"response": {"status": 401}\r\n}\r\n');
    expectExit(await contract(["--replay", folder]), 0);
  });

  test("a folder without recordings is exit code 2", async () => {
    expect(await contract(["--replay", folder])).toMatchObject({
      code: 2,
      err: expect.stringContaining("contains no recording"),
    });
  });
});

test("--propose-overlay prints actions with which the same responses are known drift", async () => {
  const job = {
    ...(fullValue(observedSchemas, "FineTuningJob") as object),
    training_file: undefined,
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
  writeFileSync(join(recordings, "job.json"), JSON.stringify({ response: { status: 200, body: job } }));
  writeFileSync(
    join(recordings, "error.json"),
    JSON.stringify({ response: { status: 400, body: { error: { message: 7, inner_error: "deep" } } } }),
  );
  const html = { headers: { "content-type": "text/html" }, body: "<html></html>" };
  for (const response of [{ status: 404, ...html }, { status: 405, ...html }, { status: 409 }])
    writeFileSync(join(recordings, `front-end-${response.status}.json`), JSON.stringify({ response }));
  const before = await contract(["--replay", recordings, "--propose-overlay"]);
  expectExit(before, 1);
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
  expectExit(after, 0);
  expect(after.out).toMatch(/^Known drift: no violation, 17 known drifts at /);

  writeFileSync(join(recordings, "other.json"), JSON.stringify({ response: { status: 403, ...html } }));
  expectExit(await contract(["--replay", recordings], {}, folder), 1);
});
