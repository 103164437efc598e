/**
 * What the client may cost. `npm test` checks the figures that do not depend on the machine, `npm run bench:size` the start,
 * and `npm run bench` the CPU. The goals are lower in places: docs/benchmark.md says which are missed.
 */
export const CLIENT = 'export { createFineTuningClient } from "./src/index.ts";';

/** Of {@link CLIENT} with all that it imports, minified and gzipped: what it was when it was last set, and 2 % more. */
export const MOST_BYTES = 16_930;

/** The packages that installing the client installs. */
export const PACKAGES = ["openapi-fetch", "openapi-typescript-helpers"];

/** What the import may add to the start of Node, in ms. */
export const MOST_START_MS = 10;

/** The heap that a call in flight may hold over one of bare `fetch`, in bytes. */
export const MOST_HEAP_BYTES = 6_500;

/** The CPU of a call as a multiple of bare `fetch`'s, with a margin for a machine that does other things too. */
export const MOST_CPU_RATIO = { "after GC": 1.45, hot: 1.6 } as const;

/** The CPU from the start of the process to the first answer, over bare `fetch`, in ms. */
export const MOST_COLD_MS = 20;
