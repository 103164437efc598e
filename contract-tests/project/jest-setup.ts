import { jest } from "@jest/globals";

// Prism's server loads this module, which replaces Error.prepareStackTrace. Only Jest's own knows the source maps of the
// tests: with another one, a failure is reported at a wrong line and without the code.
jest.mock("micri/dist/sourcemap-register.js", () => ({}));

// Prism's server loads this module, in hundreds of files, to invent bodies. It is never asked to: it answers with examples.
jest.mock("@faker-js/faker", () => ({}));
