/** Redocly's rules, as redocly.yaml sets them. */
import { join } from "node:path";
import { lintFromString, loadConfig } from "@redocly/openapi-core";
import { LineCounter, parseDocument } from "yaml";
import { stepsOf } from "../../src/violations.js";
import { ContractError, OPENAPI_FILE } from "./document.js";

/** Throws {@link ContractError} for the first problem. */
export async function lint(root: string, file: string, source: string): Promise<void> {
  const config = await loadConfig({ configPath: join(root, "redocly.yaml") });
  const [problem] = await lintFromString({ source, absoluteRef: join(root, OPENAPI_FILE), config });
  if (!problem) return;
  const [location] = problem.location;
  const place =
    location && "start" in location
      ? { line: (location.start as { line: number }).line }
      : { line: lineOfPointer(source, location?.pointer) };
  throw new ContractError(
    place.line && file === OPENAPI_FILE ? `${file}:${place.line}` : `${file}${location?.pointer ?? ""}`,
    `${problem.message} (${problem.ruleId})`,
  );
}

function lineOfPointer(text: string, pointer: string | undefined): number | undefined {
  const lines = new LineCounter();
  const node = parseDocument(text, { lineCounter: lines }).getIn(stepsOf(pointer ?? ""), true) as
    | { range?: [number, number, number] }
    | undefined;
  return node?.range ? lines.linePos(node.range[0]).line : undefined;
}
