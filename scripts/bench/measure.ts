/** Runs the processes of the benchmark: the service, and each client beside the others, in rounds. */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { installPackages, nodeBinary, OPENAI_VERSION } from "../tools/install.js";
import { type Client, EVERY, type Major, type Regime, type Rounds } from "./rounds.js";

export const quick = process.argv.includes("--quick");
export const ROUNDS = quick ? 5 : 15;
/** Rounds before those that count, in which the runtime compiles what is hot. */
const WARM_UP = 5;

export const installed = installPackages("bench", { openai: OPENAI_VERSION, zod: "4.6.7", ajv: "8.20.0" });
export const openai = join(installed, "node_modules/openai/index.mjs");
export const nodes = { 22: nodeBinary(22), 24: nodeBinary(24) };

// As JavaScript: a loader for TypeScript in the measured processes would be measured too.
const programs = resolve("node_modules/.cache/fine-tuning-client/bench-programs");
await build({
  entryPoints: ["client", "heap", "service", "validate"].map((name) => `scripts/bench/${name}.ts`),
  outdir: programs,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "es2022",
});

/** Runs a program to its end, and returns the JSON that it prints. */
export function run<Result>(major: Major, program: string, ...args: string[]): Result {
  const file = join(programs, `${program}.mjs`);
  return JSON.parse(execFileSync(nodes[major], ["--expose-gc", file, ...args], { encoding: "utf8" })) as Result;
}

/** A child process that answers each message with one. */
function start<Answer>(major: Major, execArgv: string[], program: string, ...args: string[]) {
  const child = fork(join(programs, `${program}.mjs`), args, { execPath: nodes[major], execArgv });
  return {
    ask: async (message: object) => {
      child.send(message);
      const [answer] = (await once(child, "message")) as [Answer];
      return answer;
    },
    stop: () => child.disconnect(),
  };
}

const service = start<{ port: number }>(24, [], "service");
export const endpoint = `http://127.0.0.1:${(await service.ask({})).port}`;
/** Sets the size of the service's answers. */
export const answerWith = (bodyBytes: number) => service.ask({ bodyBytes });
export const stopService = service.stop;

/** Clients of one regime, each in a process of its own. */
export function startClients(major: Major, regime: Regime, names: readonly Client[]) {
  const flags = regime === "after GC" ? ["--expose-gc"] : [];
  const clients = new Map(names.map((name) => [name, start<number>(major, flags, "client", name, endpoint, openai)]));
  return {
    /** The CPU of a call in µs, in interleaved rounds of which each begins with another client. */
    measure: async (concurrency: number, calls: number, among = names): Promise<Rounds> => {
      const rounds = Object.fromEntries(among.map((name) => [name, [] as number[]])) as Record<Client, number[]>;
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        for (const [index] of among.entries()) {
          const name = among[(index + round + WARM_UP) % among.length] as Client;
          const cost = (await clients.get(name)?.ask({ calls, concurrency })) as number;
          if (round >= 0) rounds[name].push(cost);
        }
      }
      return rounds;
    },
    stop: () => {
      for (const { stop } of clients.values()) stop();
    },
  };
}

/** The CPU from the start of a process to its first answer, in ms. */
export function measureCold(major: Major): Rounds {
  const rounds = Object.fromEntries(EVERY.map((name) => [name, [] as number[]])) as Record<Client, number[]>;
  for (let round = 0; round < ROUNDS; round++)
    for (const name of EVERY) rounds[name].push(run(major, "client", name, endpoint, openai));
  return rounds;
}
