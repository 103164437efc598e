/** Redocly's rules, as redocly.yaml sets them. */
import { join } from "node:path";
import { lintFromString, loadConfig } from "@redocly/openapi-core";
import { ContractError, OPENAPI_FILE } from "./document.js";

export const RULES_FILE = "redocly.yaml";

/**
 * Lints a document's text. `placeOf` names the place of a JSON pointer for the message.
 * Throws {@link ContractError} for the first problem.
 */
export async function lint(root: string, source: string, placeOf: (pointer: string) => string): Promise<void> {
  const config = await loadConfig({ configPath: join(root, RULES_FILE) }).catch((error) => {
    throw new ContractError(RULES_FILE, `Redocly cannot read it: ${error.message}`);
  });
  const [problem] = await lintFromString({ source, absoluteRef: join(root, OPENAPI_FILE), config }).catch((error) => {
    // It throws for null in place of an object, and for a version that it does not know.
    throw new ContractError(placeOf(""), `Redocly cannot check it: ${error.message}`);
  });
  if (!problem) return;
  const pointer = problem.location[0]?.pointer ?? "";
  throw new ContractError(placeOf(pointer), `${problem.message} (${problem.ruleId})`);
}
