// Made by scripts/generate.ts from openapi.yaml and observed.overlay.yaml. Do not edit: run `npm run generate`.

/** Ajv's validator of the accepted FineTuningJob: it returns whether a body conforms, and leaves every error in `errors`. */
declare const validateJob: {
  (body: unknown): boolean;
  errors?: readonly { instancePath: string; keyword: string; params: Record<string, unknown> }[] | null;
};
export default validateJob;
