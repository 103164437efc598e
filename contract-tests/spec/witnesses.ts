/** For each named check of the contract, one thing that it has to find. */
import type { Contract, Document } from "../../scripts/contract/document.js";
import { page } from "../tables/page.js";

const postOf = (document: Document) => document.paths[page.path]?.post as Document["paths"][string][string];
const propertiesOf = (document: Document, schema: string) =>
  document.components.schemas[schema]?.properties as Record<string, object | undefined>;

/** Each breaks a contract in place. */
export const witnesses: Record<string, (documented: Document, contract: Contract) => void> = {
  operation: (document) => Object.assign(postOf(document), { summary: "Cancel" }),
  parameters: (document) => Object.assign(postOf(document).parameters[0] as object, { required: false }),
  server: (document) => Object.assign(document, { servers: [{ url: "https://example.com" }] }),
  security: (document) => Object.assign(document, { security: [{ apiKey: [], entraToken: [] }] }),
  responses: (document) => delete postOf(document).responses.default,
  "documented-members": (document) => delete propertiesOf(document, "FineTuningJob").seed,
  "accepted-members": (_, { accepted }) => delete propertiesOf(accepted, "FineTuningJob").eval_id,
  "documented-bodies": (document) =>
    Object.assign(propertiesOf(document, "FineTuningJob").id as object, { type: "integer" }),
  "accepted-bodies": (_, { accepted }) =>
    Object.assign(propertiesOf(accepted, "FineTuningJob").id as object, { pattern: "^ftjob-" }),
  examples: (document) => Object.assign(document.components.examples.cancelledDpo as object, { value: {} }),
  compiles: (document) => Object.assign(propertiesOf(document, "FineTuningJob").id as object, { type: "strnig" }),
  descriptions: (document) =>
    delete (propertiesOf(document, "FineTuningJob").id as { description?: string }).description,
};
