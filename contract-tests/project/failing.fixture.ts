import { expect, test } from "@jest/globals";
// What startPrism loads when it is called.
import "@stoplight/prism-http-server";
import { startPrism } from "../../scripts/contract/prism.js";

/** failures.test.ts runs this file. The types are not in the JavaScript that runs, so the lines below have other numbers there. */
interface Named {
  readonly name: string;
  readonly length: number;
}

type Names = readonly [first: Named, second: Named];

test("fails", () => {
  const [prism]: Names = [startPrism, startPrism];
  expect(prism.name).toBe("another name");
});
