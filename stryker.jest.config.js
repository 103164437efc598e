import base from "./jest.config.js";

process.env.PROPERTY_RUNS ??= "50";

/** The tests that run the client; the others judge the contract, and would only be slow here. */
export default {
  ...base,
  testMatch: ["answers", "attempts", "arguments", "client", "cli"].map(
    (name) => `<rootDir>/contract-tests/${name}.test.ts`,
  ),
};
