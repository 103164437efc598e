/** `npm run docs`: writes the documents, and the blocks of documents, that are made from data or from a run. */
import { readFileSync, writeFileSync } from "node:fs";
import { textOf, written } from "./generated-docs.js";

for (const each of written) {
  const text = await textOf(each);
  const name = each.block === undefined ? each.file : `${each.file}, block ${each.block}`;
  const changed = text !== readFileSync(each.file, "utf8");
  if (changed) writeFileSync(each.file, text);
  console.log(`${changed ? "Wrote" : "Up to date:"} ${name}`);
}
