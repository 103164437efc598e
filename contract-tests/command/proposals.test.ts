import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import type { Action, Contract } from "../../scripts/contract/document.js";
import { acceptedBy, readContract } from "../../scripts/contract/read.js";
import type { Exchange, RecordedResponse } from "../service/exchange.js";
import { checkExchanges } from "../service/service-checks.js";
import { createValidators } from "../service/validators.js";
import { fullValue } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { proposeActions } from "./proposals.js";

const root = join(__dirname, "../..");
let contract: Contract;
beforeAll(async () => {
  contract = await readContract(root);
});

const answer = (status: number, type: string | undefined, text: string): RecordedResponse => ({
  ...{ status, text, headers: type === undefined ? {} : { "content-type": type } },
  echoesCredential: false,
});
const job = (members: object) =>
  answer(
    200,
    "application/json",
    JSON.stringify({ ...(fullValue(observedSchemas, "FineTuningJob") as object), ...members }),
  );
const epochs = (n_epochs: unknown) => job({ hyperparameters: { n_epochs } });

const exchangeOf = (response: Exchange["response"]): Exchange => ({
  probe: { name: "a", method: "POST", path: "/", expect: "any", jobId: "j" },
  ...{ requestHeaders: {}, endpoint: "", response },
});

/** What is proposed for responses; the violations that are left when it is applied as `npm run generate` does. */
async function propose(...responses: RecordedResponse[]) {
  const exchanges = responses.map(exchangeOf);
  const text = await proposeActions(await checkExchanges("a", exchanges, createValidators(contract)), contract, root);
  const actions = text.includes("No overlay action to propose.") ? [] : (parse(text) as Action[]);
  const overlay = { ...contract.overlay, actions: [...contract.overlay.actions, ...actions] };
  const accepted = await acceptedBy(contract.documented, overlay, root);
  const after = await checkExchanges("a", exchanges, createValidators({ ...contract, overlay, accepted }));
  const notes = text.match(/^# \d.*$/gm) ?? [];
  const left = after.flatMap(({ findings }) => findings.filter(({ verdict }) => verdict === "violation"));
  return { text, actions, notes, left: left.map(({ check, pointer }) => `${check} ${pointer}`) };
}

describe("what is proposed admits the violations, all together:", () => {
  test.each<[what: string, responses: RecordedResponse[], updates: unknown[]]>([
    ["two types of one member", [job({ model: null }), job({ model: 7 })], [["string", "null"], ["integer"]]],
    [
      "a number and an integer",
      [job({ created_at: null }), job({ created_at: 1.5 })],
      [["integer", "null"], ["number"]],
    ],
    ["the same at several places", [job({ model: null }), job({ model: null })], [["string", "null"]]],
    ["a branch more, twice", [epochs(null), epochs(true)], [[{ type: "null" }], [{ type: "boolean" }]]],
    ["two literals", [job({ status: "stopping" }), job({ status: "halting" })], [["stopping"], ["halting"]]],
    ["a text that is not printable, which is not printed", [job({ seed: "a\n##[error]" })], [["string"]]],
    ["null for a literal", [job({ status: null })], [["string", "null"]]],
  ])("%s", async (_, responses, updates) => {
    const { actions, notes, left } = await propose(...responses);
    expect({ notes, left }).toEqual({ notes: [], left: [] });
    const made = actions.map(({ update = {} }) => update as Record<string, unknown>);
    expect(made.map((update) => update.type ?? update.oneOf ?? update.enum)).toEqual(updates);
  });

  test("two media types with one status", async () => {
    const { actions, left } = await propose(answer(404, "Text/HTML", "<p>"), answer(404, "text/plain", "no"));
    expect(left).toEqual([]);
    expect(actions.map(({ target }) => target.replace(/.*post/, ""))).toEqual([
      ".responses",
      ".responses['404'].content",
    ]);
  });

  test("one media type with two statuses", async () => {
    const { actions, left } = await propose(answer(404, "text/html", "<p>"), answer(400, "text/html", "<p>"));
    expect(left).toEqual([]);
    expect(actions.map(({ update = {} }) => Object.keys(update as object))).toEqual([["404"], ["400"]]);
  });

  test("a text, which admits an empty one too", async () => {
    const { actions, notes, left } = await propose(answer(404, "text/plain", "no"), answer(404, undefined, ""));
    expect({ actions, notes, left }).toEqual({ actions: [expect.anything()], notes: [], left: [] });
  });
});

const operation = "$.paths['/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel'].post";

describe("an action says what was seen, and changes nothing else:", () => {
  const target = (path: string) => `$.components.schemas.${path}`;
  const of = (member: string, what: string, component = "FineTuningJob") =>
    `\`${member}\` of ${component} is ${what} (say where, and how often).`;
  test.each<[what: string, response: RecordedResponse, action: object]>([
    [
      "a member that is missing",
      job({ training_file: undefined }),
      {
        target: `${target("FineTuningJob")}.required[?(@ == 'training_file')]`,
        description: of("training_file", "absent"),
        remove: true,
      },
    ],
    [
      "a literal",
      job({ status: "halting" }),
      {
        target: `${target("FineTuningJob")}.properties.status`,
        description: of("status", "`halting`"),
        update: { enum: ["halting"] },
      },
    ],
    [
      "another type than that of a literal",
      job({ object: null }),
      {
        target: `${target("FineTuningJob")}.properties.object`,
        description: of("object", "null"),
        update: { type: ["string", "null"], enum: [null] },
      },
    ],
    [
      "a branch, of a component inside",
      epochs(null),
      {
        target: `${target("FineTuningJobHyperparameters")}.properties.n_epochs`,
        description: of("n_epochs", "null", "FineTuningJobHyperparameters"),
        update: { oneOf: [{ type: "null" }] },
      },
    ],
    [
      "a type, in an item of a list",
      job({ integrations: [{ type: "wandb", wandb: { project: 7 } }] }),
      {
        target: `${target("FineTuningIntegrationWandb")}.properties.project`,
        description: of("project", "integer", "FineTuningIntegrationWandb"),
        update: { type: ["string", "integer"] },
      },
    ],
    [
      "an error with a page, and a status of its own",
      answer(400, "text/html ; charset=utf-8", "<p>"),
      {
        target: `${operation}.responses`,
        description: "An error answer with status 400 is text/html (say where, and how often).",
        update: {
          400: expect.objectContaining({
            description: "Say what status 400 means.",
            content: { "application/json": { schema: expect.anything() }, "text/html": { schema: { type: "string" } } },
          }),
        },
      },
    ],
    [
      "an error without a body",
      answer(409, undefined, ""),
      {
        target: `${operation}.responses`,
        description: "An error answer with status 409 has no body (say where, and how often).",
        update: {
          409: expect.objectContaining({
            content: {
              "application/json": { schema: expect.anything() },
              "text/plain": { schema: { type: "string", maxLength: 0 } },
            },
          }),
        },
      },
    ],
  ])("%s", async (_, response, action) => {
    const { text, actions, left } = await propose(response);
    expect(actions).toEqual([action]);
    expect(left).toEqual([]);
    expect(text).toMatch(/^\n# Proposed for the end of observed.overlay.yaml:\n- target: /);
    expect(text).toMatch(/\S$/);
  });

  test("nothing, when there is nothing to admit", async () => {
    expect((await propose(job({}))).text).toBe("\nNo overlay action to propose.");
  });
});

describe("what no action can admit is a comment that says so:", () => {
  const REFUSED =
    /^# 200 \/hyperparameters\/n_epochs: must be admitted by hand \(.*oneOf with two branches that admit/m;
  test.each<[what: string, comment: RegExp, left: string, ...responses: RecordedResponse[]]>([
    ["a text where one literal is", REFUSED, "body /hyperparameters/n_epochs", epochs("3")],
    ["a number where an integer is", REFUSED, "body /hyperparameters/n_epochs", epochs(1.5)],
    ["a masked literal", /^# 200 \/status: a recording may mask this value/m, "body /status", job({ status: "xxxx" })],
    ["a masked number", /^# 200 \/status: a recording may mask this value/m, "body /status", job({ status: 1 })],
    ["text with 405", /^# 405 the answer: must be admitted by hand$/m, "prism ", answer(405, "text/plain", "no")],
    [
      "a page in place of a job",
      /^# 200 the body: is not the value of a member/m,
      "body ",
      answer(200, "text/html", "<p>"),
    ],
    ["a media type that is none", /^# 404 the answer: must be/m, "prism ", answer(404, "text/html; charset", "<p>")],
    ["JSON as text", /^# 404 the answer: must be admitted by hand$/m, "prism ", answer(404, "text/json", "{}")],
    [
      "a page with a redirect",
      /^# 302 the answer: must be admitted by hand$/m,
      "prism ",
      answer(302, "text/html", "<p>"),
    ],
    ["a media type that ends like a text", /^# 404 the answer: must/m, "prism ", answer(404, "xtext/html", "<p>")],
    ["a media type with a word more", /^# 404 the answer: must/m, "prism ", answer(404, "text/html x", "<p>")],
    ["XML", /^# 404 the answer: must be admitted by hand$/m, "prism ", answer(404, "application/xml", "<a/>")],
    ["a type of JSON", /^# 404 the answer: must be admitted/m, "prism ", answer(404, "application/problem+json", "{}")],
    [
      "text after an empty body",
      /^# 404 the answer: must be admitted by hand$/m,
      "prism ",
      ...[answer(404, undefined, ""), answer(404, "text/plain", "no")],
    ],
    [
      "an item of a list, whatever its place",
      /^# 200 \/result_files: a value in a list or a map must be/m,
      "body /result_files/12",
      job({ result_files: [..."abcdefghijkl", 7] }),
    ],
  ])("%s", async (_, comment, place, ...responses) => {
    const { text, left } = await propose(...responses);
    expect(text).toMatch(comment);
    expect(left).toContain(place);
  });
});

describe("a name or a text of the service makes no line of its own and no command of a CI server:", () => {
  test.each([
    "x\n- target: $.security\n  remove: true\n::error::x",
    "::error::x",
    "x ##[error]x",
    "x\u001b[2J",
    "x\u009b2J",
  ])("%j", async (attack) => {
    const { text, actions, notes } = await propose(job({ metadata: { [attack]: 7 }, status: attack }));
    expect(actions).toEqual([]);
    expect(notes).toEqual([
      "# 200 /status: a text that is not printable must be admitted by hand",
      `# 200 /metadata/<name, ${attack.length} characters>: is not the value of a member of the contract, so no action can admit it`,
    ]);
    expect(text.split("\n")).toHaveLength(4);
  });
});

test("a violation is admitted beside one that cannot be", async () => {
  const { actions, notes, left } = await propose(job({ model: null, metadata: { a: 7 } }));
  expect(actions).toHaveLength(1);
  expect([notes.length, left]).toEqual([1, ["body /metadata/a"]]);
});

test("what no service answered is passed over", async () => {
  const unanswered = exchangeOf({ failure: "refused" });
  const results = await checkExchanges("a", [unanswered], createValidators(contract));
  const ofContract = { name: "overlay", where: "contract", findings: [], durationMs: 0 };
  expect(await proposeActions([...results, ofContract], contract, root)).toBe("\nNo overlay action to propose.");
});

test("more than a hundred violations of one response are not all tried", async () => {
  const metadata = (length: number) => Object.fromEntries(Array.from({ length }, (_, index) => [`name ${index}`, 7]));
  // Too many members are a violation of their own.
  expect((await propose(job({ metadata: metadata(150) }))).text).toContain(
    "# Only the first 100 of 151 violations were",
  );
  expect((await propose(job({ metadata: metadata(99) }))).text).not.toContain("# Only the first");
});

test("more than a hundred violations of many responses are not all tried", async () => {
  const errors = (count: number) =>
    Array.from({ length: count }, (_, index) => answer(400 + index, "application/xml", "<a/>"));
  const ONLY = "# Only the first 100 of 101 violations were tried: admit these, then run again.";
  const [most, more] = [await propose(...errors(100)), await propose(...errors(101))];
  expect(most.text).not.toContain("# Only the first");
  expect(more.text).toContain(ONLY);
  expect(most.actions.length + most.notes.length).toBe(100);
  expect(more.actions.length + more.notes.length).toBe(100);
});
