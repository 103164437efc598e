import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { readContract } from "../../scripts/contract/read.js";
import { type ReferenceResponse, type ReferenceService, startReferenceService } from "../service/reference-service.js";
import { goodExchange, withResponse } from "../service/witness.js";
import type { Finding } from "../spec/check.js";
import { main } from "./contract.js";
import { toAnnotations, toMarkdown } from "./github.js";
import { toHtml } from "./html.js";
import { toJUnit } from "./junit.js";
import { parseOptions } from "./options.js";
import { type Report, toReport } from "./report.js";
import { summarize } from "./summary.js";

const root = join(__dirname, "../..");
const HOSTILE = `<img src=x onerror=alert(1)> "'&]]> | \`@here\` \u202e\u0007`;

async function contract(args: readonly string[], env: NodeJS.ProcessEnv = {}, colour = false) {
  const [out, err] = [[] as string[], [] as string[]];
  const print = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text), colour };
  const code = await main(args, env, print, root);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** Two jobs with the same violations and the same drift, a refusal that is not JSON, and hostile texts in every place. */
function misbehave(response: ReferenceResponse): ReferenceResponse {
  if (response.status === 404)
    return { ...response, headers: { "content-type": 'text/plain; a="<img>"' }, body: `no ${HOSTILE}` };
  if (response.status === 401) return { ...response, body: '{"error":7}' };
  if (response.status !== 200) return response;
  const members = { seed: null, estimated_finish: true, status: HOSTILE, [HOSTILE]: HOSTILE, model: HOSTILE };
  const metadata = { "private-name": { code: "private" }, code: "private", [HOSTILE]: "private-value" };
  return { ...response, body: JSON.stringify({ ...JSON.parse(response.body), ...members, metadata }) };
}

describe("a run on a service that misbehaves", () => {
  let folder: string;
  let service: ReferenceService;
  let result: Awaited<ReturnType<typeof contract>>;
  const files: Record<"json" | "xml" | "html" | "md", string> = { json: "", xml: "", html: "", md: "" };
  let report: Report;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "report-"));
    service = await startReferenceService({ change: misbehave });
    const { queued = "", running = "" } = service.jobs;
    const args = ["--target", service.url, "--cancel", queued, "--cancel", running];
    const env = {
      AZURE_OPENAI_API_KEY: service.apiKey,
      GITHUB_ACTIONS: "true",
      GITHUB_STEP_SUMMARY: join(folder, "contract.md"),
    };
    result = await contract([...args, "--report", folder], env);
    for (const type of ["json", "xml", "html", "md"] as const)
      files[type] = readFileSync(join(folder, `contract.${type}`), "utf8");
    report = JSON.parse(files.json) as Report;
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await service.close();
  });

  test("the first line is the verdict, everywhere", () => {
    const { sentence } = report.verdict;
    expect(result.code).toBe(1);
    expect(sentence).toBe(`Violation: 5 violations, 1 known drift at ${service.url} (6 checked).`);
    expect(result.out.split("\n")[0]).toBe(sentence);
    expect(files.html).toContain(`<h1>${sentence}</h1>`);
    expect(files.md.split("\n")[0]).toBe(`## ${sentence}`);
  });

  test("each finding is told once, with how often it was seen and the first as the example", () => {
    const lines = result.out.split("\n").filter((line) => !line.startsWith("::"));
    const finding = lines.findIndex((line) => line.includes("/estimated_finish expected"));
    expect(lines.slice(finding, finding + 4)).toEqual([
      "  /estimated_finish expected string or null or integer, got boolean [body]",
      "    documented: string or null",
      "    in 2, first in cancel ftjob-queued",
      '    came back: { …, "estimated_finish": true, … }',
    ]);
    expect(lines.filter((line) => line.includes("estimated_finish"))).toHaveLength(2);
    expect(result.out.match(/^::error .*estimated_finish.* \(2 times\)$/gm)).toHaveLength(1);
    expect(files.md.match(/^\| violation .*estimated&#95;finish expected/gm)).toHaveLength(1);
    expect(report.findings.map(({ verdict, pointers, seenIn }) => [verdict, pointers[0], seenIn])).toEqual([
      ["violation", "", ["exchange-1"]],
      ["violation", "/error", ["exchange-2", "exchange-3"]],
      ["violation", "/status", ["exchange-5", "exchange-6"]],
      ["violation", "/estimated_finish", ["exchange-5", "exchange-6"]],
      ["violation", "/metadata/<name, 12 characters>", ["exchange-5", "exchange-6"]],
      ["known-drift", "/seed", ["exchange-5", "exchange-6"]],
    ]);
  });

  test("a curl line is there once for each example, and a shell takes it as it is", () => {
    const lines = result.out.split("\n").flatMap((line) => (line.startsWith("  curl ") ? [line.trim()] : []));
    const argumentsOf = (line: string) =>
      execFileSync("sh", ["-c", `curl() { printf '%s\\n' "$@"; }; ${line}`], {
        env: { AZURE_OPENAI_API_KEY: "the-key" },
        encoding: "utf8",
      }).split("\n");
    const urlOf = (id: string) => `${service.url}/openai/v1/fine_tuning/jobs/${id}/cancel`;
    const noJob = /ftjob-contract-\w+/.exec(lines[0] ?? "")?.[0] as string;
    const length = ["-H", "content-length: 0"];
    expect(lines.map(argumentsOf)).toEqual([
      ["-i", "-X", "POST", "-H", "api-key: the-key", ...length, urlOf(noJob), ""],
      ["-i", "-X", "POST", "-H", "api-key: not-the-key", ...length, urlOf(noJob), ""],
      ["-i", "-X", "POST", "-H", "api-key: the-key", ...length, urlOf("ftjob-queued"), ""],
    ]);
  });

  test("what came back is shown by structure, type, length and code, without a value and without a row of x", () => {
    expect(report.exchanges[4]?.response).toMatchObject({
      status: 200,
      headers: { "apim-request-id": "<string, 6 characters>" },
      body: {
        id: "ftjob-queued",
        created_at: "<integer, 10 digits>",
        hyperparameters: { batch_size: "auto", learning_rate_multiplier: "<number>" },
        model: `<string, ${[...HOSTILE].length} characters>`,
        estimated_finish: true,
        seed: null,
        result_files: [],
      },
    });
    expect(report.exchanges[0]?.response).toMatchObject({ body: "<text, 51 characters>" });
    expect(report.exchanges[3]?.response).toMatchObject({
      body: { error: { code: "405", message: "<string, 26 characters>" } },
    });
    for (const text of [result.out, ...Object.values(files)])
      expect(text).not.toMatch(/private|reference-key|gpt-4o|org-1|xxx/);
    for (const text of [files.html, files.xml, files.md]) expect(text).not.toContain("<img");
    expect(files.html).toContain("&quot;trained_tokens&quot;: null,\n");
    expect(files.html).toContain("&quot;training_file&quot;: &lt;string, 13 characters&gt;,\n");
  });

  test("the tree of members says what is documented, accepted, seen, drift, violation, or not attained", () => {
    const members = report.members.flatMap((each) => each.members);
    const member = (pointer: string) => members.find((each) => each.pointer === pointer);
    expect(member("/seed")).toEqual({
      pointer: "/seed",
      documented: "integer",
      accepted: "integer | null, or absent",
      seen: { null: 2 },
      drift: ["finding-6"],
      violations: [],
    });
    expect(member("/metadata")).toMatchObject({ seen: { object: 2 }, violations: ["finding-5"] });
    expect(member("/eval_id")).toMatchObject({ documented: null, accepted: "any value, or absent", seen: {} });
    expect(member("/integrations/wandb/project")).toMatchObject({ documented: "string", seen: { string: 2 } });
    expect(members.filter(({ documented }) => documented !== null)).toHaveLength(61);
  });

  test("contract.html loads nothing, runs nothing, and every link in it leads somewhere", () => {
    const { html } = files;
    const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] as string;
    const hash = createHash("sha256").update(style).digest("base64");
    expect(html).toContain(`content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;;`);
    const tags = html.match(/<[^>]*>/g)?.join("\n") ?? "";
    expect(tags).not.toMatch(/<script|<link|<iframe|<img|\son\w+=|\sstyle=|\ssrc=|javascript:/i);
    expect(style).not.toMatch(/url\(|@import/);
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...html.matchAll(/ href="([^"]*)"/g)].map(([, href]) => decodeURI(href as string));
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((href) => !ids.includes(href.slice(1)))).toEqual([]);
  });

  test("contract.xml is well-formed, has the form that Ant's and Jenkins' schemas share, and has times", () => {
    expect(XMLValidator.validate(files.xml)).toBe(true);
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@", parseAttributeValue: false });
    const { testsuite } = parser.parse(files.xml);
    // The order of the elements, which a schema prescribes.
    expect(Object.keys(testsuite).filter((name) => !name.startsWith("@"))).toEqual([
      "properties",
      "testcase",
      "system-out",
      "system-err",
    ]);
    expect(testsuite).toMatchObject({
      "@timestamp": expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      "@hostname": "localhost",
      "@tests": "6",
      "@failures": "5",
      "@errors": "0",
      "@skipped": "0",
      "@time": expect.stringMatching(/^\d+\.\d{3}$/),
    });
    for (const testcase of testsuite.testcase) {
      const { "@name": name, "@classname": where, "@time": time, failure, ...others } = testcase;
      expect({ where, time }).toEqual({ where: service.url, time: expect.stringMatching(/^\d+\.\d{3}$/) });
      expect(Object.keys(others).filter((each) => each !== "#text")).toEqual([]);
      if (name !== "wrong method") expect(failure).toMatchObject({ "@type": "violation" });
      else expect(failure).toBeUndefined();
    }
    expect(Number(testsuite["@time"])).toBeGreaterThan(0);
  });

  test("a second run adds to the summary of the job", () => {
    expect(files.md).toContain("### Findings");
    expect(files.md).toMatch(/\| members \| 35 of 61 \| <code>200 \/error\/code<\/code>, /);
    expect(files.md).toContain("```sh\ncurl -i -X POST");
  });
});

describe("contract.json", () => {
  const schema = JSON.parse(readFileSync(join(root, "docs/contract.schema.json"), "utf8")) as object;
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
  const reports: Record<string, () => Promise<Report>> = {
    "of the embedded services": () => reportOf([]),
    "with --only": () => reportOf(["--only", "body"]),
    "of results of every kind": () => madeReport(),
  };

  async function reportOf(args: readonly string[]): Promise<Report> {
    const folder = mkdtempSync(join(tmpdir(), "report-"));
    await contract([...args, "--report", folder]);
    const text = readFileSync(join(folder, "contract.json"), "utf8");
    rmSync(folder, { recursive: true });
    return JSON.parse(text) as Report;
  }

  test.each(Object.entries(reports))("%s is what its schema says", async (_, made) => {
    const report = await made();
    validate(report);
    expect(validate.errors ?? []).toEqual([]);
  });

  test.each<[what: string, change: (report: Record<string, unknown>) => void]>([
    ["another format", (report) => Object.assign(report, { format: 2 })],
    ["a member more", (report) => Object.assign(report, { extra: true })],
    ["a verdict that does not exist", (report) => Object.assign(report.verdict as object, { kind: "fine" })],
    [
      "a finding without an exchange",
      (report) => Object.assign((report.findings as object[])[0] as object, { seenIn: [] }),
    ],
    ["no coverage", (report) => delete report.coverage],
  ])("with %s is not", async (_, change) => {
    const report = JSON.parse(JSON.stringify(await madeReport()));
    change(report);
    expect(validate(report)).toBe(false);
  });
});

/** A report of fabricated results: a finding of every verdict, at hostile places, and an exchange without a response. */
async function madeReport(args: readonly string[] = ["--replay", "recordings"], keep: readonly string[] = []) {
  const finding = (verdict: Finding["verdict"], more: Partial<Finding> = {}): Finding => ({
    check: "body",
    verdict,
    pointer: "/status",
    message: `message ${HOSTILE}`,
    ...more,
  });
  const failed = { ...goodExchange, response: { failure: `failed ${HOSTILE}` } };
  const empty = withResponse(goodExchange, { status: 502, headers: {}, text: "" });
  const results = [
    { name: "violation", where: HOSTILE, exchange: goodExchange, findings: [finding("violation")] },
    { name: "not-verified", where: HOSTILE, exchange: empty, findings: [finding("not-verified", { pointer: "" })] },
    {
      name: "known-drift",
      where: HOSTILE,
      exchange: goodExchange,
      findings: [finding("known-drift", { action: HOSTILE })],
    },
    { name: HOSTILE, where: HOSTILE, exchange: failed, findings: [] },
    { name: "compiles", where: "contract", findings: [], durationMs: 3 },
  ];
  return toReport({
    started: new Date("2026-11-24T10:00:00Z"),
    durationMs: 1_234,
    options: parseOptions(args),
    contract: await readContract(root),
    results: results.filter(({ name }) => keep.length === 0 || keep.includes(name)),
  });
}

describe("the verdict is that of the worst finding", () => {
  test.each<[kept: string[], options: string[], kind: string, exitCode: number]>([
    [["violation", "not-verified", "known-drift", "compiles"], [], "violation", 1],
    [["not-verified", "known-drift"], [], "not-verified", 2],
    [["not-verified", "known-drift"], ["--strict"], "known-drift", 1],
    [["known-drift", "compiles"], [], "known-drift", 0],
    [["known-drift"], ["--strict"], "known-drift", 1],
    [["compiles"], ["--strict"], "good", 0],
  ])("%j with %j", async (kept, options, kind, exitCode) => {
    const { verdict } = await madeReport(options, kept);
    expect(verdict).toMatchObject({ kind, exitCode });
    const label = {
      violation: "Violation",
      "not-verified": "Not verified",
      "known-drift": "Known drift",
      good: "Good",
    };
    expect(verdict.sentence.startsWith(`${label[kind as keyof typeof label]}: `)).toBe(true);
  });
});

describe("hostile texts stay texts", () => {
  test("in HTML", async () => {
    const html = toHtml(await madeReport());
    for (const each of ["<img", "\u202e", "\u0007"]) expect(html).not.toContain(each);
    const shown = "&lt;img src=x onerror=alert(1)&gt; &quot;&#39;&amp;]]&gt; | `@here`";
    expect(html).toContain(`<p>failed ${shown}</p>`);
    expect(html).toContain(`at ${shown} \\u{202e}\\u{7}, contract`);
  });

  test("in Markdown, in tables too", async () => {
    const markdown = toMarkdown(await madeReport());
    for (const each of ["<img", "@here", "\u202e", "\u0007"]) expect(markdown).not.toContain(each);
    const rows = markdown.split("\n").filter((line) => /^\| (violation|known drift) \|/.test(line));
    expect(rows.map((row) => row.split("|").length)).toEqual([7, 7]);
  });

  test("in JUnit", async () => {
    const xml = toJUnit(await madeReport());
    expect(XMLValidator.validate(xml)).toBe(true);
    for (const each of ["<img", "\u0007"]) expect(xml).not.toContain(each);
    expect(xml).toMatch(
      /<testcase [^>]* name="not-verified" time="0\.000">\n {4}<skipped message="body: message &lt;img/,
    );
    expect(xml).toContain('tests="5" failures="1" errors="0" skipped="1" time="1.234"');
    expect(xml).toContain('classname="contract" name="compiles" time="0.003"');
  });

  test("in annotations: one line each", async () => {
    const lines = toAnnotations(await madeReport());
    expect(lines.map((line) => line.split("::")[1])).toEqual([
      "error title=contract violation",
      "warning title=not verified",
      "notice title=known drift",
    ]);
  });
});

describe("at a terminal", () => {
  test("there is colour where it shows colours, and the text is the same", async () => {
    const report = await madeReport();
    const [plain, coloured] = [false, true].map((colour) => summarize(report, { colour, coverage: false }));
    const start = String.fromCharCode(27);
    expect(plain).not.toContain(start);
    expect(coloured?.startsWith(`${start}[31mViolation: `)).toBe(true);
    expect(coloured?.replaceAll(new RegExp(`${start}\\[\\d+m`, "g"), "")).toBe(plain);
  });

  test("an embedded service is gone, so there is no command to repeat a request to it", async () => {
    expect(summarize(await madeReport([]), { colour: false, coverage: false })).not.toContain("curl");
  });

  test("--coverage names what was not seen, as many as the numbers say", async () => {
    const { out } = await contract(["--coverage", "--only", "answered"]);
    const [, block = ""] = out.split("reference service: ");
    const names = block.match(/(?<= )\/[\w/]+/g) ?? [];
    expect(block).toContain("members 35/61");
    expect(names).toHaveLength(26);
    expect(block).toContain("  members not seen in 200 (23): /error/code, /error/message,");
    expect(block).toContain("  headers not seen in default (2): retry-after, retry-after-ms");
    for (const line of block.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
    expect((await contract(["--only", "answered"])).out).not.toContain("not seen");
  });
});

describe("--only", () => {
  test("judges by one check of the exchanges, or by one of the contract", async () => {
    const body = await contract(["--only", "body"]);
    expect(body).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Good: .* at prism, reference service, by body alone \(35 checked\)/),
    });
    const compiles = await contract(["--only", "compiles"]);
    expect(compiles.out).toMatch(/^Good: .* at contract, by compiles alone \(1 checked\)/);
  });

  test("leaves out what other checks find", async () => {
    const service = await startReferenceService({ change: misbehave });
    const args = ["--target", service.url, "--cancel", service.jobs.queued as string];
    const run = (only: string) => contract([...args, "--only", only], { AZURE_OPENAI_API_KEY: service.apiKey });
    const [body, redirect] = [await run("body"), await run("redirect")];
    await service.close();
    expect(body.out).toContain("/estimated_finish expected");
    expect(redirect).toMatchObject({ code: 0, out: expect.stringMatching(/^Good: /) });
  });

  test.each([
    [["--only", "bodies"], "no such check"],
    [["--only", "toString"], "no such check"],
    [["--only", "compiles", "--replay", "x"], "checks the contract itself"],
  ])("%j is exit code 2", async (args, says) => {
    expect(await contract(args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(says) });
  });
});

test("a summary that GitHub's file does not take is exit code 2", async () => {
  const { code, err } = await contract(["--only", "compiles"], {
    GITHUB_STEP_SUMMARY: join(root, "no/such/folder/file"),
  });
  expect({ code, lines: err.split("\n").length }).toEqual({ code: 2, lines: 1 });
  expect(err).toContain("GITHUB_STEP_SUMMARY cannot be written to: ");
});
