/** `npm run docs`: plays the fault suite to the client and writes what happened to docs/faults.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { faults } from "../client/faults.js";
import { faultTable, type Played, playFault } from "../client/run-fault.js";

const rows: { fault: (typeof faults)[number]; played: Played }[] = [];
for (const fault of faults) rows.push({ fault, played: await playFault(fault) });
mkdirSync("docs", { recursive: true });
writeFileSync("docs/faults.md", faultTable(rows));
console.log(`Wrote docs/faults.md: ${rows.length} faults.`);
