/**
 * Prints what one way to validate takes in place: after a real `fetch` and a real `JSON.parse`, as it does in a client. The
 * first call, the mean of calls 2 to 10, and the median of the last half, in µs.
 */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { FineTuningJob as jobSchema } from "../../generated/job-schema.js";
import { findViolations } from "../../src/violations.js";
import { median } from "./statistics.js";

const [, , name = "", url = "", calls = "", folder = "", schemaText = ""] = process.argv;
const require = createRequire(pathToFileURL(`${folder}/`));

type Check = (text: string, body: unknown) => boolean;

/** Each is loaded before the first call; what it compiles at run time, it compiles in the first. */
const candidates: Record<string, () => Check> = {
  parse: () => (text) => JSON.parse(text) !== undefined,
  client: () => (_, body) => findViolations(jobSchema, body).violationCount === 0,
  ajv: () => {
    const { Ajv2020 } = require("ajv/dist/2020.js");
    let validate: (body: unknown) => boolean;
    return (_, body) => {
      validate ??= new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(JSON.parse(schemaText));
      return validate(body);
    };
  },
  zod: () => {
    const { z } = require("zod");
    let schema: { safeParse(body: unknown): { success: boolean } };
    return (_, body) => {
      schema ??= z.fromJSONSchema({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        ...JSON.parse(schemaText),
      });
      return schema.safeParse(body).success;
    };
  },
};

const check = candidates[name]?.() as Check;
const times: number[] = [];
for (let call = 0; call < Number(calls); call++) {
  const text = await (await fetch(url, { method: "POST" })).text();
  const body: unknown = JSON.parse(text);
  const began = performance.now();
  const isValid = check(text, body);
  times.push(1_000 * (performance.now() - began));
  if (!isValid) throw new Error(`${name} refuses the body`);
}
const early = times.slice(1, 10);
const mean = early.reduce((sum, time) => sum + time, 0) / early.length;
console.log(JSON.stringify([times[0], mean, median(times.slice(times.length >> 1))]));
process.exit();
