/** `npm run test:terminal`: the command at a real terminal, by way of tmux, with the screen compared as text. */
import { execFileSync, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { finish, report } from "../../scripts/tools/steps.js";
import { held, installCommand, job, KEY, type Service, send, startService } from "../client/command-harness.js";

if (spawnSync("tmux", ["-V"]).status !== 0) {
  console.error("Not run: tmux is not there. Install it (apt-get install tmux) and try again.");
  process.exit(1);
}

const installed = await installCommand();
const bin = resolve(installed.folder, "bin.js");
let terminals = 0;

/** A terminal that runs one line of bash, in which $RUN is the command, and then shows the exit code. */
class Terminal {
  /** A server of its own, so that no session of the user's is touched. */
  readonly #name = `fine-tuning-client-${process.pid}-${++terminals}`;

  constructor(service: Service, line: string, { columns } = { columns: 120 }) {
    const variables = { AZURE_OPENAI_ENDPOINT: service.url, AZURE_OPENAI_API_KEY: KEY, RUN: `node ${bin}` };
    const settings = Object.entries(variables).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const script = `${line}; echo "exit code $?"; exec cat`;
    this.#tmux("new-session", "-d", "-x", String(columns), "-y", "50", ...settings, "bash", "-c", script);
  }

  /** What is on the screen, with lines that it wraps joined, and without what differs from run to run. */
  get screen(): string {
    return this.#tmux("capture-pane", "-p", "-J")
      .replace(/ +$/gm, "")
      .trimEnd()
      .replace(/\d+\.\d s/g, "0.0 s")
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, "UUID")
      .replace(/http:\/\/127\.0\.0\.1:\d+/g, "SERVICE");
  }

  /** The same, with the escapes of colours. */
  get colours(): string {
    return this.#tmux("capture-pane", "-p", "-e");
  }

  press(...keys: string[]): void {
    this.#tmux("send-keys", ...keys);
  }

  /** Closes the terminal of what runs there, and opens one that runs another line of bash. */
  hangUp(next: string): void {
    this.#tmux("respawn-pane", "-k", "bash", "-c", next);
  }

  close(): void {
    this.#tmux("kill-server");
  }

  #tmux(...args: string[]): string {
    return execFileSync("tmux", ["-L", this.#name, "-f", "/dev/null", ...args], { encoding: "utf8" });
  }

  /** Waits until the screen has the text. */
  async shows(text: string): Promise<void> {
    const until = performance.now() + 20_000;
    while (!this.screen.includes(text)) {
      if (performance.now() > until) throw new Error(`The screen never shows ${JSON.stringify(text)}:\n${this.screen}`);
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  /** Waits for the end, and compares the screen. */
  async ends(expected: string): Promise<void> {
    await this.shows("exit code ");
    const { screen } = this;
    if (screen !== expected.trim()) throw new Error(`Expected:\n${expected.trim()}\n\nThe screen:\n${screen}`);
  }
}

type Open = (line: string, options?: { columns: number }) => Terminal;
type Scenario = (service: Service, open: Open) => Promise<void>;

const ids = (count: number) => Array.from({ length: count }, (_, index) => `ftjob-${index + 1}`);
const SERVICE = "Service: SERVICE, credential: AZURE_OPENAI_API_KEY. Cancelling cannot be undone.";
const cancelled = (id: string) => `${id.padEnd(8)}  cancelled        0.0 s`;

const scenarios: Record<string, Scenario> = {
  "the question, results as they end, and the summary": async (service, open) => {
    service.scripts["ftjob-2"] = [send(404, { error: { code: "404", message: "No such job." } })];
    const terminal = open("$RUN --concurrency 1 ftjob-1 ftjob-2 ftjob-13");
    await terminal.shows("Cancel 3 jobs (ftjob-1, ftjob-2, ftjob-13)? [y/N]");
    if (service.seen.length > 0) throw new Error("sent before the answer");
    terminal.press("y", "Enter");
    await terminal.ends(`
${SERVICE}
Cancel 3 jobs (ftjob-1, ftjob-2, ftjob-13)? [y/N] y
${cancelled("ftjob-1")}
ftjob-2   rejected         0.0 s  The service answered 404: No such job. (request request-of-ftjob-2)
${cancelled("ftjob-13")}

2 of 3 jobs cancelled in 0.0 s.

cancelled (2)
  ftjob-1 ftjob-13

rejected (1): The service refused: this call did not cancel the job. Fix the problem above, then try again.
  ftjob-2
exit code 1`);
    const { colours } = terminal;
    if (!colours.includes("\u001b[32mcancelled") || !colours.includes("\u001b[31mrejected"))
      throw new Error(`No green and no red:\n${colours}`);
  },

  "Ctrl-C at the question": async (service, open) => {
    const terminal = open("$RUN ftjob-1 ftjob-2");
    await terminal.shows("[y/N]");
    terminal.press("C-c");
    await terminal.ends(`
${SERVICE}
Cancel 2 jobs (ftjob-1, ftjob-2)? [y/N]
Nothing was sent.
exit code 130`);
    if (service.seen.length > 0) throw new Error("something was sent");
  },

  "no colour with NO_COLOR, and none at a terminal without": async (_, open) => {
    for (const variable of ["NO_COLOR=1", "TERM=dumb"]) {
      const terminal = open(`${variable} $RUN ftjob-1`);
      await terminal.shows("exit code 0");
      if (terminal.colours.includes("\u001b[")) throw new Error(`Colours:\n${terminal.colours}`);
    }
  },

  "the progress line, while 20 jobs run, and Ctrl-C in the middle": async (service, open) => {
    const hold = held();
    for (const id of ids(20).slice(3)) service.scripts[id] = [hold];
    const terminal = open(`$RUN --yes ${ids(20).join(" ")}`);
    const done = ids(3).map((id) => `${id.padEnd(8)}  cancelled        0.0 s`);
    await terminal.shows("3 of 20 done, 4 in flight");
    const working = terminal.screen.split("\n");
    if (working.at(-1) !== "3 of 20 done, 4 in flight")
      throw new Error(`The progress is not below:\n${working.join("\n")}`);
    terminal.press("C-c");
    await terminal.shows("SIGINT: no further request is sent.");
    hold.release();
    await terminal.shows("exit code 130");
    const { screen } = terminal;
    const lines = screen.split("\n");
    const expected = [...done, ...ids(7).slice(3).map(cancelled)];
    for (const line of expected) if (!lines.includes(line)) throw new Error(`No line ${line}:\n${screen}`);
    if (screen.includes(" done, ")) throw new Error(`The progress line is still there:\n${screen}`);
    const rest = `not-started (13): No request was sent.\n  ${ids(20).slice(7).join(" ")}`;
    if (!screen.includes(rest)) throw new Error(`${rest} is missing:\n${screen}`);
    if (service.seen.length !== 7) throw new Error(`${service.seen.length} requests`);
  },

  "a terminal that is closed while a job runs": async (service, open) => {
    const hold = held();
    service.scripts["ftjob-1"] = [hold];
    const log = join(installed.folder, "log");
    // The outer shell ends with its terminal, as that of a user does; the inner one stays to see the exit code.
    const terminal = open(`bash -c 'trap "" HUP; $RUN ftjob-1 2> ${log}; echo "exit code $?" >> ${log}'`);
    await service.arrived(1);
    terminal.hangUp(`tail -F ${log}`);
    await terminal.shows("SIGHUP: no further request is sent.");
    hold.release();
    await terminal.shows("exit code 129");
  },

  "a service that answers 429 for a while": async (service, open) => {
    const limited = send(429, { error: { code: "429", message: "Slow down." } }, { "retry-after": "2" });
    for (const id of ids(6)) service.scripts[id] = [limited, job()];
    const terminal = open(`$RUN --yes --concurrency 3 ${ids(6).join(" ")}`);
    await terminal.shows("0 of 6 done, 0 in flight, 3 waiting for a retry (next in 2 s), paused for 2 s");
    await terminal.shows("waiting for a retry (next in 1 s), paused for 1 s");
    await terminal.shows("6 of 6 jobs cancelled");
    await terminal.shows("exit code 0");
  },

  "one that stalls, and a second Ctrl-C": async (service, open) => {
    service.scripts["ftjob-1"] = [() => {}];
    const terminal = open("$RUN --timeout 60 ftjob-1");
    await terminal.shows("0 of 1 done, 1 in flight");
    terminal.press("C-c");
    await terminal.shows("SIGINT: no further request is sent.");
    terminal.press("C-c");
    await terminal.ends(`
${SERVICE}
SIGINT: no further request is sent. Waiting for 1 job in flight, at most 0.0 s; a second signal ends at once.
ftjob-1  unknown          0.0 s  The call was aborted: ended at once by SIGINT. The job may have been cancelled. (client request UUID)

0 of 1 job cancelled in 0.0 s.

unknown (1): The job may have been cancelled. Check its status before you do anything else.
  ftjob-1
exit code 130`);
  },

  "one that stalls, until the deadline": async (service, open) => {
    service.scripts["ftjob-1"] = [() => {}];
    const terminal = open("$RUN --timeout 0.5 --max-retries 1 ftjob-1");
    await terminal.shows("1 waiting for a retry (next in 1 s)");
    await terminal.ends(`
${SERVICE}
ftjob-1  unknown          0.0 s  SERVICE did not answer within 500 ms. The job may have been cancelled. (client request UUID)

0 of 1 job cancelled in 0.0 s.

unknown (1): The job may have been cancelled. Check its status before you do anything else.
  ftjob-1
exit code 1`);
  },

  "a progress line that is wider than the terminal": async (service, open) => {
    service.scripts["ftjob-1"] = [send(429, {}, { "retry-after": "2" }), job()];
    const terminal = open("$RUN --yes --concurrency 1 ftjob-1 ftjob-2", { columns: 40 });
    await terminal.shows("paused for 1 s");
    await terminal.ends(`
${SERVICE}
ftjob-1  cancelled        0.0 s
ftjob-2  cancelled        0.0 s

2 of 2 jobs cancelled in 0.0 s.

cancelled (2)
  ftjob-1 ftjob-2
exit code 0`);
  },

  "| head -1": async (service, open) => {
    const terminal = open(`set -o pipefail; $RUN --yes ${ids(12).join(" ")} | head -1`);
    await terminal.shows("exit code 0");
    if (service.seen.length !== 12) throw new Error(`${service.seen.length} requests`);
    if (!terminal.screen.includes("12 of 12 jobs cancelled")) throw new Error(terminal.screen);
  },

  "2>&1 | tee": async (_, open) => {
    const terminal = open("$RUN --yes --concurrency 1 ftjob-1 ftjob-2 2>&1 | tee /dev/null");
    await terminal.ends(`
${SERVICE}
ftjob-1  cancelled        0.0 s
ftjob-2  cancelled        0.0 s

2 of 2 jobs cancelled in 0.0 s.

cancelled (2)
  ftjob-1 ftjob-2
exit code 0`);
  },

  "--json > a file keeps the progress line": async (service, open) => {
    const hold = held();
    service.scripts["ftjob-1"] = [hold];
    const terminal = open(
      "$RUN --json ftjob-1 > /tmp/fine-tuning-client-$$.jsonl; rm /tmp/fine-tuning-client-$$.jsonl",
    );
    await terminal.shows("0 of 1 done, 1 in flight");
    hold.release();
    await terminal.shows("1 of 1 job cancelled");
    if (terminal.screen.includes(" done, ")) throw new Error(terminal.screen);
  },
};

for (const [name, play] of Object.entries(scenarios)) {
  const service = await startService();
  const opened: Terminal[] = [];
  try {
    await play(service, (...args) => {
      opened.push(new Terminal(service, ...args));
      return opened.at(-1) as Terminal;
    });
    report(name, undefined);
  } catch (error) {
    report(name, (error as Error).message);
  } finally {
    for (const terminal of opened) terminal.close();
    await service.close();
  }
}
installed.remove();
finish();
