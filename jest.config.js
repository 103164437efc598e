/** @type {import("jest").Config} */
export default {
  testMatch: ["<rootDir>/contract-tests/**/*.test.ts"],
  // CommonJS, so that plain `npx jest` needs no flags for Node.
  transform: {
    "^.+\\.[jt]s$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  setupFiles: ["<rootDir>/contract-tests/project/jest-setup.ts"],
  // The libraries of the command are ESM alone.
  transformIgnorePatterns: [
    "/node_modules/(?!(ansi-|cli-cursor|environment|get-east|is-fullwidth|log-update|p-queue|p-timeout|restore-cursor|mimic-function|onetime|slice-ansi|string-width|strip-ansi|wrap-ansi)[^/]*/)",
  ],
  // Jest leaves one core idle by default: half of a machine with two.
  maxWorkers: "100%",
  testTimeout: 30_000,
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": ["$1.ts", "$1.js"] },
};
