/** The compiled validator beside JSON.parse, Ajv at run time and zod; prints a table. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import validateJob from "../generated/validate-job.js";
import { findViolations } from "../src/violations.ts";
import { jobOf } from "./bench-service.js";

const [, , parts, schemaText] = process.argv;
const require = createRequire(pathToFileURL(`${parts}/`));
const { Ajv2020 } = require("ajv/dist/2020.js");
const { z } = require("zod");
const versionOf = (name) => require(`${name}/package.json`).version;
const schema = JSON.parse(schemaText);
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
const zod = z.fromJSONSchema({ $schema: "https://json-schema.org/draft/2020-12/schema", ...schema });

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const sizes = [1_000, 10_000, 100_000, 1_000_000];
const rows = {
  "`JSON.parse`": (text) => JSON.parse(text),
  "the compiled validator": (_, body) => findViolations(validateJob, body).length === 0,
  [`Ajv ${versionOf("ajv")}, compiled at run time`]: (_, body) => ajv(body),
  [`zod ${versionOf("zod")}`]: (_, body) => zod.safeParse(body).success,
};
const costs = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
for (const size of sizes) {
  const text = jobOf(size);
  const body = JSON.parse(text);
  for (const [name, run] of Object.entries(rows)) if (!run(text, body)) throw new Error(`${name} refuses the body`);
  const times = Object.fromEntries(Object.keys(rows).map((name) => [name, []]));
  const count = Math.max(5, Math.round(5_000_000 / size));
  for (let round = -3; round < Number(process.env.ROUNDS); round++) {
    for (const [name, run] of Object.entries(rows)) {
      globalThis.gc();
      const began = performance.now();
      for (let index = 0; index < count; index++) run(text, body);
      if (round >= 0) times[name].push((1_000 * (performance.now() - began)) / count);
    }
  }
  for (const name of Object.keys(rows)) costs[name].push(median(times[name]));
}
console.log(`| µs a body | ${sizes.map((size) => `${size / 1_000} kB`).join(" | ")} |`);
console.log(`| --- |${" --- |".repeat(sizes.length)}`);
for (const [name, each] of Object.entries(costs))
  console.log(`| ${name} | ${each.map((us) => us.toFixed(us < 10 ? 2 : 0)).join(" | ")} |`);
