/** `npm run bench:size`: fails when importing the built client costs more bytes or more time than its budget. */
import { addedStartMs, bundledBytes } from "./tools/weight.js";

/** Everything that `import { createFineTuningClient }` pulls in, minified and gzipped. */
const BUDGET_BYTES = 13_500;
/** What the import may add to the start of Node, in ms. */
const BUDGET_MS = 10;

const client = 'export { createFineTuningClient } from "./dist/index.js";';
const bytes = await bundledBytes(client);
const addedMs = addedStartMs(process.execPath, client);
console.log(`The client is ${bytes} bytes, minified and gzipped; its budget is ${BUDGET_BYTES}.`);
console.log(
  `Its import adds ${addedMs.toFixed(1)} ms to the start of Node ${process.version}; its budget is ${BUDGET_MS}.`,
);
if (bytes > BUDGET_BYTES || addedMs > BUDGET_MS) {
  console.error("Over the budget.");
  process.exitCode = 1;
}
