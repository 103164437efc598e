/** `npm run bench:size`: fails when importing the built client costs more bytes or more time than its budget. */
import { MOST_BYTES, MOST_START_MS } from "./bench/budgets.js";
import { addedStartMs, bundledBytes } from "./tools/weight.js";

const client = 'export { createFineTuningClient } from "./dist/index.js";';
const bytes = await bundledBytes(client);
const addedMs = addedStartMs(process.execPath, client);
console.log(`The client is ${bytes} bytes, minified and gzipped; its budget is ${MOST_BYTES}.`);
console.log(
  `Its import adds ${addedMs.toFixed(1)} ms to the start of Node ${process.version}; its budget is ${MOST_START_MS}.`,
);
if (bytes > MOST_BYTES || addedMs > MOST_START_MS) {
  console.error("Over the budget.");
  process.exitCode = 1;
}
