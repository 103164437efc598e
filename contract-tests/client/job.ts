/** The job of the tests: the contract's first example. */
import type { FineTuningJob } from "../../generated/types.js";
import { type Document, OPENAPI_FILE } from "../../scripts/contract/document.js";
import { readSource } from "../../scripts/contract/source.js";

const { components } = readSource<Document>(".", OPENAPI_FILE).value;

export const JOB = components.examples.cancelledWhileQueued?.value as FineTuningJob;
