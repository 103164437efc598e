import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@jest/globals";
import { createFineTuningClient, isCancelled } from "../../src/index.js";

test("`npm run mock` serves the contract on the port that it is given, until it is stopped", async () => {
  // Port 0 is any free one. npm starts Prism in a process of its own, so both are stopped, as by Ctrl+C.
  const child = spawn("npm", ["run", "--silent", "mock", "--", "--port", "0"], {
    cwd: join(__dirname, "../.."),
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  try {
    let endpoint: string | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      [, endpoint] = /Prism is listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line) ?? [];
      if (endpoint !== undefined) break;
    }
    if (endpoint === undefined) throw new Error("npm run mock ended, and said of no address that it listens there.");
    const client = createFineTuningClient({ endpoint, apiKey: "no-real-key" });
    expect(isCancelled(await client.cancel("ftjob-abc123"))).toBe(true);
  } finally {
    if (child.exitCode === null) process.kill(-(child.pid as number), "SIGINT");
    await closed;
  }
});
