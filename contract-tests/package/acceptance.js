/**
 * What has to hold wherever the client says it runs. It uses nothing but the language and the client, so that one program
 * serves every runtime.
 */

/** Runs every check against the service of test-runtimes.ts. Resolves with one `{ name, passed, detail }` for each. */
export async function accept(createFineTuningClient, endpoint, closed) {
  const violations = [];
  const options = {
    endpoint,
    apiKey: "acceptance-key",
    maxRetryDelayMs: 5,
    onViolation: (each) => violations.push(each),
  };
  const client = createFineTuningClient(options);
  const failure = (promise) =>
    promise.then(
      () => ({}),
      (error) => error,
    );
  const told = ({ name, outcome, attempts, status }) =>
    [name, outcome, attempts, status].filter((each) => each !== undefined).join(" ");

  const checks = {
    cancel: async () => {
      const { job, attempts, requestId } = await client.cancelWithResponse("ok");
      return [`${job.status} ${attempts} ${requestId}`, "cancelled 1 apim-1"];
    },
    "an API error": async () => [told(await failure(client.cancel("not-found"))), "ApiError rejected 1 404"],
    "a timeout": async () => [
      told(await failure(client.cancel("slow", { timeoutMs: 200, maxRetries: 0 }))),
      "TimeoutError unknown 1",
    ],
    "a retry": async () => [String((await client.cancelWithResponse("flaky")).attempts), "2"],
    "an abort": async () => {
      const stop = new AbortController();
      const reason = new Error("enough");
      const call = failure(client.cancel("slow", { signal: stop.signal }));
      setTimeout(() => stop.abort(reason), 100);
      const error = await call;
      return [`${told(error)} ${error.cause === reason}`, "AbortError unknown 1 true"];
    },
    "a violation": async () => {
      await client.cancel("violating");
      return [violations.map(({ pointer, actual }) => `${pointer} ${actual}`).join(), "/status string"];
    },
    // A browser hides the status of a redirect.
    "a redirect": async () => [
      told(await failure(client.cancel("redirect"))).replace(/ (0|307)$/, " 0 or 307"),
      "ApiError rejected 1 0 or 307",
    ],
    "a body that is no job": async () => [told(await failure(client.cancel("page"))), "ResponseError accepted 1 200"],
  };
  const results = [];
  for (const [name, check] of Object.entries(checks)) {
    try {
      const [detail, wanted] = await check();
      results.push({ name, passed: detail === wanted, detail });
    } catch (error) {
      results.push({ name, passed: false, detail: String(error) });
    }
  }
  // Told, not judged: how much a runtime says of a refused connection differs.
  const refused = await failure(createFineTuningClient({ ...options, endpoint: closed, maxRetries: 0 }).cancel("ok"));
  return { results, refused: told(refused) };
}
