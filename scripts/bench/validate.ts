/** The client's validator beside JSON.parse, Ajv compiled at run time, and zod; prints a table. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { FineTuningJob as jobSchema } from "../../generated/job-schema.js";
import { findViolations } from "../../src/violations.js";
import { jobOf } from "./job.js";

const [, , folder = "", schemaText = "", rounds = ""] = process.argv;
const require = createRequire(pathToFileURL(`${folder}/`));
const { Ajv2020 } = require("ajv/dist/2020.js");
const { z } = require("zod");
const versionOf = (name: string) => require(`${name}/package.json`).version;
const schema = JSON.parse(schemaText);
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
const zod = z.fromJSONSchema({ $schema: "https://json-schema.org/draft/2020-12/schema", ...schema });

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const candidates: Record<string, (text: string, body: unknown) => unknown> = {
  "`JSON.parse`": (text) => JSON.parse(text),
  "the client's validator": (_, body) => findViolations(jobSchema, body).violationCount === 0,
  [`Ajv ${versionOf("ajv")}, compiled at run time`]: (_, body) => ajv(body),
  [`zod ${versionOf("zod")}`]: (_, body) => zod.safeParse(body).success,
};

/** The median time of one run of each candidate in µs, over interleaved rounds; three rounds before them warm up. */
function measure(size: number): number[] {
  const text = jobOf(size);
  const body: unknown = JSON.parse(text);
  for (const [name, run] of Object.entries(candidates))
    if (!run(text, body)) throw new Error(`${name} refuses the body`);
  const count = Math.max(5, Math.round(5_000_000 / size));
  const times = Object.values(candidates).map(() => [] as number[]);
  for (let round = -3; round < Number(rounds); round++) {
    for (const [index, run] of Object.values(candidates).entries()) {
      globalThis.gc?.();
      const began = performance.now();
      for (let turn = 0; turn < count; turn++) run(text, body);
      if (round >= 0) times[index]?.push((1_000 * (performance.now() - began)) / count);
    }
  }
  return times.map((each) => each.sort((a, b) => a - b)[each.length >> 1] as number);
}

const columns = SIZES.map(measure);
console.log(`| µs a body | ${SIZES.map((size) => `${size / 1_000} kB`).join(" | ")} |`);
console.log(`| --- |${" --- |".repeat(SIZES.length)}`);
for (const [index, name] of Object.keys(candidates).entries()) {
  const row = columns.map((column) => column[index] as number);
  console.log(`| ${name} | ${row.map((us) => us.toFixed(us < 10 ? 2 : 0)).join(" | ")} |`);
}
