/** What `npm run docs` writes: every document, and every block of one, that is made from data or from a run. */
import { readFileSync } from "node:fs";
import { readContract } from "../../scripts/contract/read.js";
import { OPENAI_NODE, OPENAI_VERSION } from "../../scripts/tools/install.js";
import { replaceBlock } from "../../scripts/tools/markdown-blocks.js";
import { bundledBytes, inKilobytes } from "../../scripts/tools/weight.js";
import { type Fault, faults } from "../client/faults.js";
import { faultTable, type Played, playFault } from "../client/run-fault.js";
import { changes, missedByRedocly, tooStrict } from "../diff/changes.js";
import { cancelWithThisClient, play, situations } from "../package/official-client.js";
import { table, tableOfErrors, tableOfOptions } from "./api-tables.js";
import { helpOfCommand, helpOfContract, outputOfStart, outputOfViolation } from "./outputs.js";

interface Written {
  readonly file: string;
  /** The block of the file that is written (see scripts/tools/markdown-blocks.ts); without it, the file is written as a whole. */
  readonly block?: string;
  render(): string | Promise<string>;
}

const read = (file: string) => readFileSync(file, "utf8");

export const written: readonly Written[] = [
  { file: "README.md", block: "start", render: outputOfStart },
  { file: "README.md", block: "errors", render: () => tableOfErrors(read("src/errors.ts")) },
  { file: "README.md", block: "help", render: helpOfCommand },
  { file: "README.md", block: "size", render: sizes },
  { file: "README.md", block: "official-client", render: comparison },
  { file: "docs/contract.md", block: "help", render: helpOfContract },
  { file: "docs/contract.md", block: "violation", render: outputOfViolation },
  { file: "docs/contract-changes.md", block: "rated", render: ratedChanges },
  { file: "docs/differences.md", block: "differences", render: differences },
  { file: "docs/options.md", block: "client", render: () => optionsOf("FineTuningClientOptions") },
  { file: "docs/options.md", block: "request", render: () => optionsOf("RequestOptions") },
  { file: "docs/faults.md", render: playedFaults },
];

/** The whole text that a file has to have, as far as one entry of {@link written} decides it. */
export async function textOf({ file, block, render }: Written): Promise<string> {
  const text = await render();
  return block === undefined ? text : replaceBlock(read(file), block, text);
}

function optionsOf(interfaceName: string): string {
  return tableOfOptions(read("src/options.ts"), interfaceName);
}

/** The table of changes that contract-tests/diff/compare.deep.ts holds to what is found. */
function ratedChanges(): string {
  const [all, missed] = [changes.length * 2, Object.entries(missedByRedocly)];
  const rated = (wrong: number) => `${all - wrong} of ${all}`;
  return [
    `${changes.length} changes were made and rated by hand, each also taken back. Whether a change breaks somebody, Redocly alone`,
    `says as a caller would for ${rated(missed.length + tooStrict.length)}, and this command for ${rated(tooStrict.length)}. The others are taken for breaking and are not:`,
    `${tooStrict.join("; ")}.`,
    "",
    table(
      ["not breaking for Redocly", "noticed here by"],
      missed.map(([what, rule]) => [what, `\`${rule}\``]),
    ),
  ].join("\n");
}

async function differences(): Promise<string> {
  const { overlay } = await readContract(process.cwd());
  const rows = overlay.actions.map(({ target, description }) => [
    /schemas\.(\w+)/.exec(target)?.[1] ?? "answer",
    description,
  ]);
  return table(["in", "what services send instead"], rows);
}

const CLIENT = 'export { createFineTuningClient } from "./src/index.ts";';

async function sizes(): Promise<string> {
  const rows = {
    "everything that the client imports": CLIENT,
    "of that, the validator":
      'export * from "./generated/job-schema.ts"; export { findViolations } from "./src/violations.ts";',
    "of that, openapi-fetch": 'export { default } from "openapi-fetch";',
  };
  const cells = Object.entries(rows).map(async ([what, program]) => [what, inKilobytes(await bundledBytes(program))]);
  return table(["what", "minified and gzipped"], await Promise.all(cells));
}

/** This client beside the official one: figures of docs/benchmark.md, and situations that are played to both. */
async function comparison(): Promise<string> {
  const { engines } = JSON.parse(read("package.json")) as { engines: { node: string } };
  const [calls = "", start = ""] = ["## One call at a time", "## Start and weight"].map(
    (heading) => read("docs/benchmark.md").split(heading)[1]?.split("\n## ")[0],
  );
  const cells = (section: string, label: string) =>
    (section.split("\n").find((line) => line.startsWith(`| ${label}`)) ?? "").split(" | ").slice(1);
  const cpu = (label: string) => {
    const [hot, afterGc] = [2, 5].map((column) => cells(calls, label)[column]?.split(" ")[0]);
    return `${hot} × bare \`fetch\`, after a garbage collection ${afterGc}`;
  };
  const played: string[][] = [];
  for (const situation of situations)
    played.push([situation.what, await play(situation, cancelWithThisClient), situation.official]);
  return table(
    ["", "fine-tuning-client", `openai ${OPENAI_VERSION}`],
    [
      ["runs on Node", `${engines.node.slice(2)} and later`, `${OPENAI_NODE} and later`],
      ["minified and gzipped", inKilobytes(await bundledBytes(CLIENT)), cells(start, "openai ")[1]?.slice(0, -2) ?? ""],
      [
        "the import adds to the start of Node",
        `${cells(start, "fine-tuning-client")[0]} ms`,
        `${cells(start, "openai ")[0]} ms`,
      ],
      ["CPU of a call", cpu('this client, `validation: "report"`'), cpu("openai ")],
      ...played,
    ],
  );
}

async function playedFaults(): Promise<string> {
  const rows: { fault: Fault; played: Played }[] = [];
  for (const fault of faults) rows.push({ fault, played: await playFault(fault) });
  return faultTable(rows);
}
