/** Reads openapi.yaml and observed.overlay.yaml as one contract, and checks it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import {
  type Contract,
  ContractError,
  type Document,
  jsonResponses,
  memberNames,
  OPENAPI_FILE,
  OVERLAY_FILE,
  type Overlay,
  responseExamples,
} from "./document.js";
import { checkSchemas } from "./job-schema.js";
import { stepsOf } from "./json-pointer.js";
import { lint, RULES_FILE } from "./lint.js";
import { applyOverlay, checkOverlay, placeOf } from "./overlay.js";
import { violationsOf } from "./reference.js";
import { schemaArbitrary } from "./samples.js";
import { checkDocument, compileSchemas, refProblems, schemaProblems } from "./schemas.js";
import { shapeProblems } from "./shape.js";
import { type LineOf, readSource } from "./source.js";

/** Contracts that were found good, by their folder and the texts of its files: tests read the same one over and over. */
const good = new Map<string, Contract>();

/** Reads and checks both files in the folder `root`. Throws {@link ContractError} for the first problem. */
export async function readContract(root: string): Promise<Contract> {
  const texts = [OPENAPI_FILE, OVERLAY_FILE, RULES_FILE].map((file) => textOf(join(root, file)));
  const key = JSON.stringify([root, ...texts]);
  const contract = good.get(key) ?? (await checkContract(root));
  good.set(key, contract);
  return structuredClone(contract);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // The check reads it too, and reports it.
    return undefined;
  }
}

async function checkContract(root: string): Promise<Contract> {
  const source = readSource<Document>(root, OPENAPI_FILE);
  await lint(root, source.text, (pointer) => source.lineOf(stepsOf(pointer)));
  checkDocument(source);
  const documented = source.value;
  const { value: overlay, lineOf } = readSource<Overlay>(root, OVERLAY_FILE);
  return { documented, overlay, accepted: await acceptedBy(documented, overlay, root, lineOf) };
}

/** The document with an overlay applied. Throws {@link ContractError} for the first problem of the overlay or of the result. */
export async function acceptedBy(
  documented: Document,
  overlay: Overlay,
  root: string,
  lineOf: LineOf = placeOf,
): Promise<Document> {
  checkOverlay(overlay, lineOf);
  const accepted = await applyOverlay(documented, overlay, lineOf);
  checkCompiles(accepted);
  checkSchemas(accepted);
  checkOnlyWidens(documented, accepted);
  await lint(root, JSON.stringify(accepted), (pointer) => `${OPENAPI_FILE} with ${OVERLAY_FILE}${pointer}`);
  return accepted;
}

function checkCompiles(accepted: Document): void {
  for (const problems of [shapeProblems, refProblems]) {
    for (const { pointer, message } of problems(accepted))
      throw new ContractError(`${OPENAPI_FILE} with ${OVERLAY_FILE}#${pointer}`, message);
  }
  for (const { pointer, message } of schemaProblems(accepted))
    throw new ContractError(`${OVERLAY_FILE} (${pointer})`, `the accepted contract does not compile: ${message}`);
}

const SAMPLES = 120;
const SEED = 20251123;

/**
 * Refuses an overlay that narrows, because a body that the page admits would become a violation. It tries the documented
 * examples and 120 seeded random bodies for each response, so a narrow limit can slip through; the spec checks compare the
 * accepted contract with the tables, member by member. Throws {@link ContractError}.
 */
function checkOnlyWidens(documented: Document, accepted: Document): void {
  checkStatusesOnlyWiden(documented, accepted);
  const compile = compileSchemas(accepted);
  for (const { schema } of jsonResponses(documented)) {
    const examples = [...responseExamples(documented)]
      .filter((each) => each.schema === schema)
      .map((each) => each.value);
    const arbitrary = schemaArbitrary(documented, schema, memberNames(accepted));
    for (const body of [...examples, ...fc.sample(arbitrary, { numRuns: SAMPLES, seed: SEED })]) {
      const [violation] = violationsOf(compile(schema), body);
      if (!violation) continue;
      const { pointer, expected, actual } = violation;
      throw new ContractError(
        `${OVERLAY_FILE} (${schema}${pointer})`,
        `an action narrows the contract: the page admits a value of type ${actual} here, the accepted contract only ${expected}.`,
      );
    }
  }
}

/** A status of its own takes the place of `default`, so it must admit what `default` does. */
function checkStatusesOnlyWiden(documented: Document, accepted: Document): void {
  for (const [path, operations] of Object.entries(documented.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      for (const [status, { content }] of Object.entries(accepted.paths[path]?.[method]?.responses ?? {})) {
        for (const [mediaType, { schema }] of Object.entries((responses[status] ?? responses.default)?.content ?? {}))
          if (content?.[mediaType]?.schema.$ref !== schema.$ref)
            throw new ContractError(
              `${OVERLAY_FILE} (${status} ${mediaType})`,
              `an action narrows the contract: the page admits ${schema.$ref} here.`,
            );
      }
    }
  }
}
