/** Jest's environment for mutation testing: after the first failure, the other tests of a change are skipped, to save time. */
import { TestEnvironment } from "jest-environment-node";

/** The change that a test of this process has noticed, by Stryker's number. */
let noticed: string | undefined;

/** The events of jest-circus that matter here. */
interface TestEvent {
  readonly name: string;
  readonly test?: { mode?: "skip" | "todo" | "only" | "concurrent" | null; readonly errors: readonly unknown[] };
}

export default class StopAtFailure extends TestEnvironment {
  handleTestEvent({ name, test }: TestEvent): void {
    const change = process.env.__STRYKER_ACTIVE_MUTANT__;
    if (change === undefined || !test) return;
    if (name === "test_start" && noticed === change) test.mode = "skip";
    if (name === "test_done" && test.errors.length > 0) noticed = change;
  }
}
