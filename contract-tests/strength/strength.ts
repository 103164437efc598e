/**
 * `npm run contract:strength`: prints which check notices each class of faults, every fault that nothing notices, and every
 * check without which as much would be noticed. Exits 1 for either.
 */
import { readContract } from "../../scripts/contract/read.js";
import { families, redundantChecks } from "./families.js";

const contract = await readContract(process.cwd());
const alone = new Set<string>();
for (const [family, score] of Object.entries(families)) {
  const { mutants, survivors, classes } = await score(contract, alone);
  const noticed = mutants - survivors.length;
  console.log(`${family.padEnd(10)}${noticed} of ${mutants} noticed (${((100 * noticed) / mutants).toFixed(1)} %)`);
  for (const [kind, checks] of Object.entries(classes)) {
    const by = Object.entries(checks).map(([check, count]) => `${check} ${count}`);
    console.log(`          ${kind}: ${by.join(", ")}`);
  }
  for (const survivor of survivors) console.log(`          survived: ${survivor}`);
  if (survivors.length > 0) process.exitCode = 1;
}
for (const name of redundantChecks(alone)) {
  console.log(`redundant: ${name} notices nothing that no other check notices`);
  process.exitCode = 1;
}
