/** Plays one row of the fault table to the client, and keeps everything that the client let out. */
import {
  type AttemptEvent,
  createFineTuningClient,
  type FineTuningClientError,
  type FineTuningJob,
  type RetryEvent,
  type Violation,
} from "../../src/index.js";
import { answer, type FaultServer, type Step, startFaultServer } from "./fault-server.js";
import { type Fault, SECRET } from "./faults.js";
import { JOB } from "./job.js";

export interface Played {
  readonly job: FineTuningJob | undefined;
  readonly error: FineTuningClientError | undefined;
  readonly attempts: number;
  readonly ms: number;
  /** The heads of the requests that reached the server, and another origin. */
  readonly requests: readonly string[];
  readonly elsewhere: readonly string[];
  /** What `onRetry`, `onViolation` and `onAttempt` were called with. */
  readonly events: readonly (RetryEvent | Violation)[];
  readonly attemptEvents: readonly AttemptEvent[];
  readonly reason: unknown;
}

export async function playFault(fault: Fault): Promise<Played> {
  const other = await startFaultServer([answer(200, JOB)]);
  const abort = new AbortController();
  const reason = new Error("stopped by the caller");
  const stop = () => abort.abort(reason);
  const steps = fault.steps.map((step): Step => {
    const play: Step = (socket, request) => {
      const { write } = socket;
      // The other server's port is known only now.
      socket.write = ((part: string | Buffer, ...rest: []) =>
        write.call(
          socket,
          typeof part === "string" ? part.replace("{other}", String(other.port)) : part,
          ...rest,
        )) as never;
      step(socket, request);
      if (fault.abort === "at-request") stop();
    };
    return Object.assign(play, step.atOnce && { atOnce: true });
  });
  const server: FaultServer = await startFaultServer(steps.length > 0 ? steps : [answer(200, JOB)], fault.tls);
  const closed = await startFaultServer([]);
  await closed.close();
  const endpoint = (fault.endpoint ?? "http://127.0.0.1:{port}")
    .replace("{port}", String(server.port))
    .replace("{closed}", String(closed.port));

  const events: (RetryEvent | Violation)[] = [];
  const attemptEvents: AttemptEvent[] = [];
  const { tokenProvider, ...options } = fault.client ?? {};
  const client = createFineTuningClient({
    endpoint,
    // A wait that the service did not ask for would only make the suite slow.
    maxRetryDelayMs: 5,
    ...(tokenProvider
      ? { tokenProvider: watched(tokenProvider, () => fault.abort === "at-credential" && setImmediate(stop)) }
      : { apiKey: SECRET }),
    onViolation: (violation) => events.push(violation),
    onAttempt: (event) => attemptEvents.push(event),
    onRetry: (event) => {
      events.push(event);
      if (fault.abort === "at-retry") setImmediate(stop);
    },
    ...options,
  });
  if (fault.abort === "before") stop();

  const started = performance.now();
  let job: FineTuningJob | undefined;
  let error: FineTuningClientError | undefined;
  let attempts = 0;
  try {
    for (let call = 0; call < (fault.calls ?? 1); call++) {
      const result = await client.cancelWithResponse("ftjob-abc123", { ...fault.request, signal: abort.signal });
      ({ job, attempts } = result);
    }
  } catch (thrown) {
    error = thrown as FineTuningClientError;
    ({ attempts } = error);
  }
  const ms = performance.now() - started;
  await Promise.all([server.close(), other.close()]);
  return {
    job,
    error,
    attempts,
    ms,
    requests: server.requests,
    elsewhere: other.requests,
    events,
    attemptEvents,
    reason,
  };
}

function watched<T>(provider: () => T, onCall: () => void): () => T {
  return () => {
    onCall();
    return provider();
  };
}

/** What was tried and what the client did, as a page of documentation. */
export function faultTable(rows: readonly { fault: Fault; played: Played }[]): string {
  const groups = [...new Set(rows.map(({ fault }) => fault.group))];
  const cell = (text: string) =>
    text
      .replaceAll("|", "\\|")
      .replace(/[\u0080-\uffff]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const line = ({ fault, played }: (typeof rows)[number]) => {
    const { error, attempts } = played;
    const status = error && "status" in error ? ` ${error.status}` : "";
    return `| ${cell(fault.name)} | ${error ? `${error.name}${status}` : "the job"} | ${error?.outcome ?? ""} | ${attempts} |`;
  };
  return [
    "# What was tried, and what the client did",
    "",
    "<!-- Made by `npm run docs` from a run of the fault suite, contract-tests/client/faults.ts. Do not edit. -->",
    "",
    `${rows.length} faults on raw sockets, each played to the client. Outcomes and attempts are what the client reported, not`,
    "what was expected of it; the suite fails where the two differ.",
    ...groups.flatMap((group) => [
      "",
      `## ${group[0]?.toUpperCase()}${group.slice(1)}`,
      "",
      "| the service, or the network | the client | outcome | attempts |",
      "| --- | --- | --- | --- |",
      ...rows.filter(({ fault }) => fault.group === group).map(line),
    ]),
    "",
  ].join("\n");
}
