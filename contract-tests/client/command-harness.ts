/** A service that does what each job's script says, and the command, run in this process or in one of its own. */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { bundle } from "../../scripts/tools/bundle.js";
import { run } from "../../src/command/command.js";
import type { Process } from "../../src/command/session.js";

export const KEY = "a-key-that-is-secret";

/** What becomes of one request for a job. */
export type Answer = (response: ServerResponse, id: string) => void;

export const jobOf = (id: string, more: object = {}) => ({
  id,
  created_at: 1,
  error: null,
  fine_tuned_model: null,
  finished_at: null,
  hyperparameters: null,
  model: "m",
  object: "fine_tuning.job",
  organization_id: null,
  result_files: [],
  seed: 1,
  status: "cancelled",
  trained_tokens: null,
  training_file: "f",
  validation_file: null,
  ...more,
});

/** Answers with a body: JSON for an object, else the text as it is. */
export const send = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => {
  return (response, id) => {
    const head = {
      "content-type": "application/json",
      "apim-request-id": `request-of-${encodeURIComponent(id)}`,
      ...headers,
    };
    response.writeHead(status, head).end(typeof body === "string" ? body : JSON.stringify(body));
  };
};

/** Answers with the job. */
export const job = (more: object = {}): Answer => {
  return (response, id) => send(200, jobOf(id, more))(response, id);
};

/** Answers once `release` is called. */
export function held(answer: Answer = job()): Answer & { release: () => void } {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  return Object.assign((response: ServerResponse, id: string) => void released.then(() => answer(response, id)), {
    release,
  });
}

export interface Service {
  readonly url: string;
  /** The id of each request, in order. */
  readonly seen: string[];
  /** When each came, by `performance.now()`. */
  readonly times: number[];
  /** What is answered to the requests for a job; the last answer is repeated. Jobs without a script are cancelled. */
  readonly scripts: Record<string, readonly Answer[]>;
  /** The headers of the newest request. */
  headers: NodeJS.Dict<string | string[]>;
  /** Resolves when so many requests have come. */
  arrived(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startService(): Promise<Service> {
  const arrivals = new EventEmitter().setMaxListeners(0);
  const server = createServer((request, response) => {
    const id = decodeURIComponent(/jobs\/([^/]*)\/cancel$/.exec(request.url ?? "")?.[1] ?? "");
    const script = service.scripts[id] ?? [job()];
    const before = service.seen.filter((each) => each === id).length;
    service.seen.push(id);
    service.times.push(performance.now());
    service.headers = request.headers;
    (script[Math.min(before, script.length - 1)] as Answer)(response, id);
    arrivals.emit("request");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const service: Service = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    times: [],
    scripts: {},
    headers: {},
    arrived: async (count) => {
      while (service.seen.length < count) await once(arrivals, "request");
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return service;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Options {
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** Whether stdin, stdout and stderr are terminals. */
  readonly isTerminal?: boolean;
  /** The width of the terminal; default: 500. */
  readonly columns?: number;
  /** What is run, where it is not the command itself. */
  readonly program?: (args: readonly string[], process: Process) => Promise<number>;
}

/** The command in this process, on streams of its own. */
export interface Started {
  readonly stdin: PassThrough;
  /** What was printed so far. */
  readonly printed: { out: string; err: string };
  /** Resolves when stdout or stderr has the text. */
  shows(text: string): Promise<void>;
  signal(name: "SIGHUP" | "SIGINT" | "SIGTERM"): void;
  readonly ended: Promise<Ended>;
}

export function start(service: Service, args: readonly string[], options: Options = {}): Started {
  const { isTerminal, columns = 500, program = run } = options;
  const terminal = { isTTY: isTerminal, hasColors: () => true, columns, rows: 24 };
  const stdin = Object.assign(new PassThrough(), terminal);
  if (!isTerminal) Readable.from([options.stdin ?? ""]).pipe(stdin);
  const stdout = Object.assign(new PassThrough(), terminal);
  const stderr = Object.assign(new PassThrough(), terminal);
  const printed = { out: "", err: "" };
  const prints = new EventEmitter().setMaxListeners(0);
  for (const [name, stream] of [["out", stdout] as const, ["err", stderr] as const]) {
    stream.on("data", (chunk) => {
      printed[name] += chunk;
      prints.emit("print");
    });
  }
  const fake = Object.assign(new EventEmitter(), {
    stdin,
    stdout,
    stderr,
    env: { AZURE_OPENAI_ENDPOINT: service.url, AZURE_OPENAI_API_KEY: KEY, ...options.env },
  });
  const ended = program(args, fake as unknown as Process).then(async (code) => {
    await Promise.all([finished(stdout.end()), finished(stderr.end())]);
    return { code, ...printed };
  });
  return {
    stdin,
    printed,
    signal: (name) => fake.emit(name, name),
    shows: async (text) => {
      while (!`${printed.out}\n${printed.err}`.includes(text)) await once(prints, "print");
    },
    ended,
  };
}

/** Runs the command in this process to its end. */
export function command(service: Service, args: readonly string[], options: Options = {}): Promise<Ended> {
  return start(service, args, options).ended;
}

/** The command as it is installed: bundled, beside the packages of this project. */
export async function installCommand() {
  mkdirSync("node_modules/.cache", { recursive: true });
  const folder = mkdtempSync("node_modules/.cache/command-");
  return { folder, metafile: await bundle(folder), remove: () => rmSync(folder, { recursive: true }) };
}

/** Starts a program with the environment of the command. */
export function spawnCommand(
  service: Service,
  program: readonly [string, ...string[]],
  { env, ...options }: SpawnOptions = {},
): ChildProcess {
  const [file, ...args] = program;
  const { AZURE_OPENAI_AD_TOKEN: _, ...inherited } = process.env;
  return spawn(file, args, {
    ...options,
    env: { ...inherited, AZURE_OPENAI_ENDPOINT: service.url, AZURE_OPENAI_API_KEY: KEY, ...env },
  });
}

/** Resolves when a process has ended and its streams are closed. */
export async function endOf(child: ChildProcess): Promise<Ended & { readonly signal: NodeJS.Signals | null }> {
  const printed = { out: "", err: "" };
  child.stdout?.on("data", (chunk) => {
    printed.out += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    printed.err += chunk;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...printed };
}
