// Made by scripts/generate.ts from package.json. Do not edit: run `npm run generate`.

/** The version of this package. */
export const version = "0.1.0";
