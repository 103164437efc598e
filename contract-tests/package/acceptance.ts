/**
 * What has to work on every runtime. It uses nothing but the language and the client, so that one program serves them all.
 */
import type {
  createFineTuningClient,
  FineTuningClientError,
  FineTuningClientOptions,
  Violation,
} from "../../src/index.js";
import type * as Testing from "../../src/testing.js";

export interface Result {
  readonly results: { name: string; passed: boolean; detail: string }[];
  /** How the runtime reports a refused connection: printed, not judged, because runtimes differ. */
  readonly refused: string;
}

/** Runs every check against the service of test-runtimes.ts. Nothing listens at `closed`. */
export async function accept(
  create: typeof createFineTuningClient,
  { answers, createMockService }: typeof Testing,
  endpoint: string,
  closed: string,
): Promise<Result> {
  const violations: Violation[] = [];
  const options: FineTuningClientOptions = {
    endpoint,
    apiKey: "acceptance-key",
    maxRetryDelayMs: 5,
    onViolation: (each) => violations.push(each),
  };
  const client = create(options);
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => new Error("The call succeeded."),
      (error: Error) => error,
    ) as Promise<FineTuningClientError & { status?: number }>;
  const summary = ({ name, outcome, attempts, status }: Awaited<ReturnType<typeof failure>>) =>
    [name, outcome, attempts, status].filter((each) => each !== undefined).join(" ");

  const checks: Record<string, () => Promise<[actual: string, expected: string]>> = {
    cancel: async () => {
      const { job, attempts, requestId } = await client.cancelWithResponse("ok");
      return [`${job.status} ${attempts} ${requestId}`, "cancelled 1 apim-1"];
    },
    "an API error": async () => [summary(await failure(client.cancel("not-found"))), "ApiError rejected 1 404"],
    "a timeout": async () => [
      summary(await failure(client.cancel("slow", { timeoutMs: 200, maxRetries: 0 }))),
      "TimeoutError unknown 1",
    ],
    "a retry": async () => [String((await client.cancelWithResponse("flaky")).attempts), "2"],
    "an abort": async () => {
      const stop = new AbortController();
      const reason = new Error("enough");
      const call = failure(client.cancel("slow", { signal: stop.signal }));
      setTimeout(() => stop.abort(reason), 100);
      const error = await call;
      return [`${summary(error)} ${error.cause === reason}`, "AbortError unknown 1 true"];
    },
    "a violation": async () => {
      await client.cancel("violating");
      return [violations.map(({ pointer, actual }) => `${pointer} ${actual}`).join(), "/status string"];
    },
    "a redirect": async () => [
      // A browser hides the status of a redirect, so what it means is unknown.
      summary(await failure(client.cancel("redirect"))).replace("unknown 1 0", "rejected 1 307"),
      "ApiError rejected 1 307",
    ],
    "the mock service": async () => {
      const { rateLimited, connectionRefused, stall, stalledBody, brokenBody, job } = answers;
      const scripts = [[rateLimited(), job()], [connectionRefused()], [stall()], [stalledBody()], [brokenBody()]];
      const service = createMockService({ jobs: Object.fromEntries(scripts.entries()) });
      const mocked = create(service.clientOptions);
      const ends = scripts.map((_, index) =>
        mocked.cancelWithResponse(String(index)).then(({ attempts }) => `job ${attempts}`, summary),
      );
      return [
        (await Promise.all(ends)).join(),
        "job 2,ConnectionError not-sent 3,TimeoutError unknown 3,TimeoutError accepted 3,ConnectionError accepted 3",
      ];
    },
    "a body that is no job": async () => [summary(await failure(client.cancel("page"))), "ResponseError unknown 1 200"],
  };
  const results: Result["results"] = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      const [actual, expected] = await check();
      results.push({ name, passed: actual === expected, detail: actual });
    } catch (error) {
      results.push({ name, passed: false, detail: String(error) });
    }
  }
  const refused = await failure(create({ ...options, endpoint: closed, maxRetries: 0 }).cancel("ok"));
  return { results, refused: `${refused.name} ${refused.outcome}` };
}
