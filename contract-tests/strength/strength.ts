/** `npm run contract:strength`: prints the mutation score of the suite, by family, and every fault that nothing noticed. */
import { readContract } from "../../scripts/contract/read.js";
import { families } from "./families.js";

const contract = await readContract(process.cwd());
for (const [family, score] of Object.entries(families)) {
  const { mutants, survivors, noticedBy } = await score(contract);
  const noticed = mutants - survivors.length;
  console.log(`${family.padEnd(10)}${noticed} of ${mutants} noticed (${((100 * noticed) / mutants).toFixed(1)} %)`);
  for (const [by, count] of Object.entries(noticedBy)) console.log(`          ${String(count).padStart(5)}  by ${by}`);
  for (const survivor of survivors) console.log(`          survived: ${survivor}`);
  if (survivors.length > 0) process.exitCode = 1;
}
