// Made by scripts/generate.ts from openapi.yaml and observed.overlay.yaml. Do not edit: run `npm run generate`.
import type { SchemaValidator } from "../src/violations.js";

/** Ajv's validator of the accepted FineTuningJob: it returns whether a body conforms, and leaves every error in `errors`. */
declare const validateJob: SchemaValidator;
export default validateJob;
