import { getEventListeners } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fetch as undiciFetch } from "undici";

import {
  type CancelResult,
  createFineTuningClient,
  type FineTuningClient,
  FineTuningClientError,
  type FineTuningClientOptions,
  type TimeoutError,
} from "../../src/index.js";
import { JOB } from "./job.js";

type Middleware = Parameters<FineTuningClient["http"]["use"]>[number];

/** Middlewares of `client.http` see the requests of `cancel`. None of them can hide a request, or keep a call from ending. */

const PATH = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";
const never = () => new Promise<never>(() => {});
const throwing = () => {
  throw new Error("hostile");
};
const resend: Middleware["onError"] = ({ request, options }) => options.fetch(request) as never;

/** What the service answers, one after the other: a status, or a reset; the last repeats. */
let answers: (number | "reset" | "html")[] = [];
const seen: { url: string | undefined; body: string; headers: NodeJS.Dict<string | string[]> }[] = [];
let server: Server;
let endpoint: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const next = answers[Math.min(seen.length, answers.length - 1)] ?? 200;
    seen.push({ url: request.url, body, headers: request.headers });
    if (next === "reset") return request.socket.resetAndDestroy();
    if (next === "html") return response.setHeader("content-type", "text/html").end("<html><title>Sign in</title>");
    response.writeHead(next, { "content-type": "application/json", "retry-after-ms": "0" });
    response.end(JSON.stringify(next === 200 ? JOB : { error: { code: String(next), message: "No." } }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  answers = [200];
  seen.length = 0;
});

const clientWith = (middlewares: Middleware[], options: FineTuningClientOptions = {}) => {
  const client = createFineTuningClient({
    endpoint,
    apiKey: "a-key-for-middlewares",
    maxRetries: 0,
    timeoutMs: 1_000,
    ...options,
  });
  client.http.use(...middlewares);
  return client;
};

async function outcomeWith(
  middleware: Middleware,
  options?: FineTuningClientOptions,
  request?: object,
): Promise<CancelResult & TimeoutError> {
  return clientWith([middleware], options)
    .cancelWithResponse(JOB.id, request)
    .catch((error: unknown) => error) as Promise<CancelResult & TimeoutError>;
}

describe("a request that a middleware sends, or hides, counts", () => {
  /** A request that the middleware does not wait for. */
  let stray: Promise<unknown> | undefined;

  test.each<[what: string, answers: typeof answers, middleware: Middleware, result: object, requests: number]>([
    [
      "onError answers in the service's place",
      ["reset"],
      { onError: () => Response.json(JOB) },
      { name: "ConnectionError", outcome: "unknown", attempts: 1 },
      1,
    ],
    ["onError sends again", ["reset", 200], { onError: resend }, { job: JOB, attempts: 2 }, 2],
    [
      "onError sends again, in vain",
      ["reset", 404],
      { onError: resend },
      { name: "ApiError", status: 404, outcome: "unknown", attempts: 2 },
      2,
    ],
    [
      "onError throws an error of its own",
      ["reset"],
      { onError: () => new Error("mine") },
      { name: "ConnectionError", outcome: "unknown", attempts: 1 },
      1,
    ],
    [
      "onRequest answers",
      [],
      { onRequest: () => Response.json(JOB) },
      { name: "ConfigurationError", outcome: "not-sent", attempts: 0 },
      0,
    ],
    [
      "onRequest sends, and hands the answer on",
      [200],
      { onRequest: ({ request, options }) => options.fetch(request) },
      { job: JOB, attempts: 1 },
      1,
    ],
    [
      "onRequest sends past the transport, and hands the answer on",
      [401],
      { onRequest: ({ request }) => fetch(request.url, { method: "POST" }) },
      { name: "ConfigurationError", outcome: "unknown", attempts: 1 },
      1,
    ],
    [
      "onRequest sends without waiting, and answers",
      [200],
      {
        onRequest: ({ request, options }) => {
          stray = options.fetch(request);
          return Response.json(JOB);
        },
      },
      { name: "ConfigurationError", outcome: "unknown" },
      1,
    ],
    [
      "onResponse sends again",
      [500, 404],
      { onResponse: ({ request, options }) => options.fetch(request) },
      { name: "ApiError", status: 404, outcome: "unknown", attempts: 2 },
      2,
    ],
    [
      "onResponse sends again after a job, in vain",
      [200, 409],
      { onResponse: ({ request, options }) => options.fetch(request) },
      { name: "ApiError", status: 409, outcome: "accepted", attempts: 2 },
      2,
    ],
    [
      "onResponse sends again past the transport",
      [404, 404],
      { onResponse: ({ request }) => fetch(request.url, { method: "POST" }) },
      { name: "ApiError", status: 404, outcome: "unknown", attempts: 2 },
      2,
    ],
    [
      "onResponse replaces a refusal",
      [404],
      { onResponse: () => Response.json(JOB) },
      { name: "ApiError", status: 404, outcome: "rejected", attempts: 1 },
      1,
    ],
    [
      "onResponse throws after a job",
      [200],
      {
        onResponse: () => {
          throw new Error("mine");
        },
      },
      { name: "ConfigurationError", outcome: "accepted", attempts: 1, cause: new Error("mine") },
      1,
    ],
    [
      "onRequest throws",
      [],
      {
        onRequest: () => {
          throw new Error("mine");
        },
      },
      { name: "ConfigurationError", outcome: "not-sent", attempts: 0, cause: new Error("mine") },
      0,
    ],
    [
      "onRequest sends past the transport, in vain",
      ["reset"],
      { onRequest: ({ request }) => fetch(request.url, { method: "POST" }) },
      { name: "ConfigurationError", outcome: "unknown", attempts: 1 },
      1,
    ],
    [
      "onRequest sends past the transport, and hands on the Response of another package",
      [200],
      { onRequest: ({ request }) => undiciFetch(request.url, { method: "POST" }) as never },
      { name: "ConfigurationError", outcome: "unknown", attempts: 1 },
      1,
    ],
    [
      "onResponse sends again past the transport, and hands on the Response of another package",
      [404, 200],
      { onResponse: ({ request }) => undiciFetch(request.url, { method: "POST" }) as never },
      { name: "ApiError", outcome: "unknown", attempts: 2 },
      2,
    ],
    [
      "onRequest returns nonsense, which may be such a Response",
      [],
      { onRequest: () => ({}) as never },
      { name: "ConfigurationError", outcome: "unknown", attempts: 1 },
      0,
    ],
    [
      "onRequest sends to another origin",
      [],
      { onRequest: ({ request }) => new Request("http://127.0.0.1:9/", request) },
      { name: "ConfigurationError", outcome: "not-sent", attempts: 0 },
      0,
    ],
  ])("%s", async (_, given, middleware, result, requests) => {
    answers = given;
    expect(await outcomeWith(middleware)).toMatchObject(result);
    await stray;
    expect(seen).toHaveLength(requests);
  });
});

describe("a middleware that never settles ends with the deadline, and with the signal", () => {
  test.each<[hook: string, middleware: Middleware, answer: number | "reset", outcome: string, attempts: number]>([
    ["onRequest", { onRequest: never }, 200, "not-sent", 0],
    ["onResponse", { onResponse: never }, 404, "rejected", 1],
    ["onResponse, after a job", { onResponse: never }, 200, "accepted", 1],
    ["onError", { onError: never }, "reset", "unknown", 1],
  ])("%s", async (_, middleware, given, outcome, attempts) => {
    answers = [given];
    expect(await outcomeWith(middleware, { timeoutMs: 50 })).toMatchObject({ name: "TimeoutError", outcome, attempts });

    seen.length = 0;
    const stop = new AbortController();
    const hook = Object.keys(middleware)[0] as string;
    const hang = () => {
      setImmediate(() => stop.abort("enough"));
      return never();
    };
    const error = await outcomeWith({ [hook]: hang } as never, { timeoutMs: 60_000 }, { signal: stop.signal });
    expect(error).toMatchObject({ name: "AbortError", outcome, attempts, cause: "enough" });
  });

  test("and it can't send again what an abort has ended", async () => {
    const stop = new AbortController();
    let requests = 0;
    const fetch = () => {
      requests++;
      stop.abort();
      return never();
    };
    const error = await outcomeWith({ onError: resend }, { fetch }, { signal: stop.signal });
    expect(error).toMatchObject({ name: "AbortError", outcome: "unknown", attempts: 1 });
    expect(requests).toBe(1);
  });

  test("and it can send no more after that", async () => {
    let send: () => Promise<unknown> = never;
    const onRequest: Middleware["onRequest"] = ({ request, options }) => {
      send = () => options.fetch(request);
      return never();
    };
    expect(await outcomeWith({ onRequest }, { timeoutMs: 50 })).toMatchObject({ outcome: "not-sent", attempts: 0 });
    await expect(send()).rejects.toThrow("The call has ended");
    expect(seen).toEqual([]);
  });
});

test.each<[what: string, answer: object, members: object]>([
  [
    "a Response",
    new Response("no", { status: 404, statusText: "Gone", headers: { "x-a": "1" } }),
    { status: 404, ok: false, statusText: "Gone", url: "" },
  ],
  [
    "what only looks like one",
    { status: 299, url: "https://a.example/" },
    { status: 299, ok: true, url: "https://a.example/" },
  ],
  [
    "a status that a Response cannot have",
    { status: 999, statusText: "No" },
    { status: 999, ok: false, statusText: "No" },
  ],
  [
    "a reason phrase that one cannot have",
    { status: 404, statusText: "成功" },
    { status: 404, ok: false, statusText: "成功" },
  ],
  ["members that are no texts", { status: 404, statusText: 7, url: 7, headers: 7 }, { statusText: "", url: "" }],
  ["no body", { status: 204, text: async () => "" }, { status: 204, ok: true, body: null }],
  ["no body, again", { status: 304, text: async () => "" }, { status: 304, ok: false, body: null }],
])("a middleware sees the members of %s", async (_, answer, members) => {
  let seen: Response | undefined;
  const onResponse: Middleware["onResponse"] = ({ response }) => {
    seen = response;
  };
  await outcomeWith({ onResponse }, { fetch: async () => answer as Response });
  const { status, ok, statusText, url, body } = seen as Response;
  expect({ status, ok, statusText, url, body }).toMatchObject(members);
  expect(seen?.headers.get("x-a")).toBe(answer instanceof Response ? "1" : null);
});

test("an answer that a middleware clones keeps its status", async () => {
  answers = [404];
  let copy: Response | undefined;
  await outcomeWith({
    onResponse: ({ response }) => {
      copy = response.clone();
    },
  });
  expect(copy).toMatchObject({ status: 404, ok: false, statusText: "Not Found" });
});

describe("a request that a middleware does not wait for", () => {
  test("is not sent again once the call has ended", async () => {
    answers = [503];
    let sending: Promise<unknown> = never();
    const onRequest: Middleware["onRequest"] = ({ request, options }) => {
      sending = options.fetch(request).catch(() => {});
      return Response.json(JOB);
    };
    const error = await outcomeWith({ onRequest }, { maxRetries: 3 });
    expect(error).toMatchObject({ name: "ConfigurationError", outcome: "unknown", attempts: 1 });
    await sending;
    expect(seen.length).toBeLessThanOrEqual(1);
  });

  test("is not sent at all when its token comes after the call has ended", async () => {
    let give: (token: string) => void = () => {};
    const tokens = ["a-token-for-the-first", new Promise<string>((resolve) => (give = resolve))];
    const tokenProvider = () => tokens.shift() as string;
    const refused = Object.assign(new Error("no"), { code: "ECONNREFUSED", syscall: "connect" });
    let requests = 0;
    const fetch = () => {
      requests++;
      return Promise.reject(refused);
    };
    let late: Promise<unknown> = never();
    const onRequest: Middleware["onRequest"] = ({ request, options }) => {
      const first = options.fetch(request);
      late = options.fetch(request).catch((error: unknown) => error);
      return first;
    };
    const error = await outcomeWith({ onRequest }, { apiKey: undefined, tokenProvider, fetch });
    expect(error).toMatchObject({ name: "ConnectionError", outcome: "not-sent", attempts: 1 });
    give("a-token-for-the-second");
    expect(await late).toMatchObject({ name: "AbortError" });
    expect(requests).toBe(1);
  });

  test("does not run into the deadline of a middleware while it has attempts left", async () => {
    let requests = 0;
    const late = () => new Promise((resolve) => setTimeout(resolve, 40));
    const fetch = async () => {
      requests++;
      if (requests === 1) return Response.json(JOB);
      await late();
      return requests < 5 ? new Response(null, { status: 503 }) : Response.json(JOB);
    };
    const onRequest: Middleware["onRequest"] = async ({ request, options }) => {
      const [first] = await Promise.all([options.fetch(request), options.fetch(request)]);
      return first;
    };
    const options = { fetch, maxRetries: 5, maxRetryDelayMs: 0, timeoutMs: 80 };
    expect(await outcomeWith({ onRequest }, options)).toMatchObject({ job: JOB, attempts: 5 });
  });
});

describe("an error that a middleware throws", () => {
  const failed = (members: object, words = "no") => Object.assign(new Error(words), members);
  test.each<[what: string, thrown: unknown, outcome: string]>([
    ["of the program", new TypeError("x is not a function"), "not-sent"],
    ["of the program, with a cause", new Error("mine", { cause: new Error("why") }), "not-sent"],
    ["that is no object", "network", "not-sent"],
    ["of the program, about a header", new Error("the header is invalid"), "not-sent"],
    ["of the program, about what is invalid", new TypeError("the id is invalid"), "not-sent"],
    ["of the program, about a missing header", new TypeError("no header"), "not-sent"],
    ["of a fetch, by its words", new TypeError("Load failed"), "unknown"],
    ["of a fetch, by its cause", new TypeError("no", { cause: new Error("closed") }), "unknown"],
    ["of a fetch, by its code", failed({ code: "ECONNRESET" }), "unknown"],
    ["of a fetch that sent nothing", failed({ code: "ECONNREFUSED", syscall: "connect" }), "not-sent"],
  ])("%s: a request may have left where it is a fetch's", async (_, thrown, outcome) => {
    const error = await outcomeWith({ onRequest: () => Promise.reject(thrown) });
    expect(error).toMatchObject({ name: "ConfigurationError", outcome, attempts: outcome === "unknown" ? 1 : 0 });
    const words = typeof thrown === "string" ? thrown : (thrown as Error).message;
    const advice = outcome === "unknown" ? " The job may have been cancelled." : "";
    expect(error.message).toBe(`client.http, or a middleware of it, threw an error: ${words}.${advice}`);
  });
});

test.each<[what: string, answer: Response | undefined, name: string]>([
  ["a refusal", new Response(null, { status: 404 }), "ApiError"],
  ["no answer", undefined, "ConnectionError"],
])("another client that a middleware cancels with, and that gets %s, has sent a request", async (_, answer, name) => {
  const other = clientWith([], { fetch: async () => answer as Response });
  const error = await outcomeWith({ onRequest: () => other.cancel(JOB.id) as never });
  expect(error).toMatchObject({ name: "ConfigurationError", outcome: "unknown", attempts: 1, cause: { name } });
  expect(seen).toEqual([]);
});

test("another client that a middleware can't cancel with has sent nothing", async () => {
  const other = clientWith([]);
  const error = await outcomeWith({ onRequest: () => other.cancel("..") as never });
  expect(error).toMatchObject({ name: "ConfigurationError", outcome: "not-sent", attempts: 0 });
});

test("a value that throws at every touch, thrown by a middleware, ends the call", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const error = await outcomeWith({ onRequest: () => Promise.reject(proxy) });
  expect(error).toMatchObject({ name: "ConfigurationError", outcome: "not-sent", attempts: 0 });
});

test("the deadline of a middleware is in its error, and its timer ends with the call", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((each) => each === "Timeout").length;
  const before = timers();
  await outcomeWith({ onRequest: () => undefined }, { timeoutMs: 250_000 });
  let stray: Promise<unknown> = Promise.resolve();
  const onRequest: Middleware["onRequest"] = ({ request, options }) => {
    stray = options.fetch(request).catch(() => {});
    return Response.json(JOB);
  };
  await outcomeWith({ onRequest }, { timeoutMs: 250_000 });
  await stray;
  expect(timers()).toBeLessThanOrEqual(before);
  const { message, timeoutMs } = await outcomeWith({ onRequest: never }, { timeoutMs: 20 });
  expect([message, timeoutMs]).toEqual(["A middleware of client.http did not finish within 20 ms.", 20]);
});

test("fetch is given what the request sets, and nothing else", async () => {
  const members: string[][] = [];
  const fetch = async (_: string, init: RequestInit) => {
    members.push(Object.keys(init).sort());
    return Response.json(JOB);
  };
  const always = ["headers", "method", "redirect", "signal"];
  const client = clientWith([{ onRequest: () => undefined }], { fetch });
  await client.cancel(JOB.id);
  await client.http.POST(PATH, {
    params: { path: { fine_tuning_job_id: JOB.id } },
    keepalive: true,
    body: {},
    bodySerializer: () => "",
  } as never);
  expect(members).toEqual([always, [...always, "keepalive"].sort()]);
});

describe("the body of a request", () => {
  test("that a middleware set is sent with each attempt", async () => {
    answers = [503, 503, 200];
    const onRequest: Middleware["onRequest"] = ({ request }) =>
      new Request(request, { body: '{"why":"too slow"}', headers: { "content-type": "application/json" } });
    expect(await outcomeWith({ onRequest }, { maxRetries: 2 })).toMatchObject({ attempts: 3 });
    expect(seen.map(({ body }) => body)).toEqual(Array(3).fill('{"why":"too slow"}'));
    expect(seen.map(({ headers }) => headers["content-type"])).toEqual(Array(3).fill("application/json"));
  });

  test("that was read already is refused before anything is sent", async () => {
    const onRequest: Middleware["onRequest"] = async ({ request }) => {
      const used = new Request(request, { body: "x" });
      await used.text();
      return used;
    };
    expect(await outcomeWith({ onRequest })).toMatchObject({
      name: "ConfigurationError",
      message: expect.stringContaining("can't be read"),
      outcome: "not-sent",
      attempts: 0,
    });
    expect(seen).toEqual([]);
  });

  test("that never ends is bounded by the deadline", async () => {
    const onRequest: Middleware["onRequest"] = ({ request }) =>
      new Request(request, { body: new ReadableStream({ pull: never }), duplex: "half" } as RequestInit);
    expect(await outcomeWith({ onRequest }, { timeoutMs: 50 })).toMatchObject({
      name: "TimeoutError",
      outcome: "not-sent",
    });
  });
});

test("whatever middlewares do, the outcome never claims less than what the service saw", async () => {
  const hooks: Record<string, Middleware["onRequest"]> = {
    nothing: () => undefined,
    answer: () => Response.json(JOB),
    send: ({ request, options }) => options.fetch(request),
    "send twice": async ({ request, options }) => {
      await options.fetch(request);
      return options.fetch(request);
    },
    "send past": ({ request }) => fetch(request.url, { method: "POST" }),
    throw: () => {
      throw new Error("mine");
    },
    nonsense: () => 7 as never,
  };
  const hook = fc.constantFrom(...Object.keys(hooks));
  const given = fc.array(fc.constantFrom<(typeof answers)[number]>(200, 404, 503, "reset", "html"), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(given, hook, hook, hook, async (service, onRequest, onResponse, onError) => {
      answers = service;
      seen.length = 0;
      const middleware = {
        onRequest: hooks[onRequest],
        onResponse: hooks[onResponse],
        onError: hooks[onError],
      } as Middleware;
      const result = await outcomeWith(middleware);
      const sent = seen.map((_, index) => answers[Math.min(index, answers.length - 1)]);
      if (!(result instanceof Error)) return expect(sent).toContain(200);
      expect(result).toBeInstanceOf(FineTuningClientError);
      const { outcome } = result as FineTuningClientError;
      if (sent.length > 0) expect(outcome).not.toBe("not-sent");
      if (sent.some((each) => each !== 404)) expect(["unknown", "accepted"]).toContain(outcome);
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 300) },
  );
});

describe("client.http throws errors of the client's alone", () => {
  const params = { path: { fine_tuning_job_id: JOB.id } };
  const post = (init: object = { params }, middlewares: Middleware[] = [], options: FineTuningClientOptions = {}) =>
    clientWith(middlewares, options)
      .http.POST(PATH, init as { params: typeof params })
      .catch((error: unknown) => error);

  test("for an HTML page with 200", async () => {
    answers = ["html"];
    expect(await post()).toMatchObject({
      name: "ResponseError",
      status: 200,
      outcome: "unknown",
      attempts: 1,
      jobId: JOB.id,
      message: "The service answered 200 with an HTML page: Sign in. The job may have been cancelled.",
    });
  });

  test.each<[what: string, init: object, middlewares: Middleware[]]>([
    ["no parameters", {}, []],
    ["null in place of the values", null as never, []],
    ["a signal that is none", { params, signal: {} }, []],
    ["a body that can't be serialized", { params, body: { n: 1n } }, []],
    ["a middleware that throws a text", { params }, [{ onRequest: () => Promise.reject("mine") }]],
    ["headers that are none", { params, headers: { "x y": "1" } }, []],
  ])("for %s", async (_, init, middlewares) => {
    expect(await post(init, middlewares)).toMatchObject({
      name: "ConfigurationError",
      outcome: "not-sent",
      attempts: 0,
    });
    expect(seen).toEqual([]);
  });

  test("for no parameters where the path has one; another path needs none", async () => {
    const { http } = clientWith([]);
    const withoutInit = http.POST as (path: string) => Promise<unknown>;
    await expect(withoutInit(PATH)).rejects.toMatchObject({
      name: "ConfigurationError",
      message: "params.path.fine_tuning_job_id is missing.",
    });
    expect(seen).toEqual([]);
    await expect(withoutInit("/openai/v1/other")).resolves.toMatchObject({ data: JOB });
    expect(seen.map(({ url }) => url)).toEqual(["/openai/v1/other"]);
  });

  test("with the words of the check that failed", async () => {
    expect(await post({})).toMatchObject({ message: "params.path.fine_tuning_job_id is missing." });
    expect(await post({ params, fetch: 7 })).toMatchObject({ message: "fetch must be a function." });
  });

  test("for a fetch that is none, or can't be read", async () => {
    const client = clientWith([]);
    const getter = Object.defineProperty({ params }, "fetch", { enumerable: true, get: throwing });
    for (const init of [{ params, fetch: 7 }, getter])
      await expect(client.http.POST(PATH, init as never)).rejects.toMatchObject({
        name: "ConfigurationError",
        outcome: "not-sent",
        attempts: 0,
      });
    expect(seen).toEqual([]);
  });

  test("for a middleware that is none", () => {
    expect(() => clientWith([{} as Middleware])).toThrow(FineTuningClientError);
  });

  test("and resolves with data or error for JSON answers, as openapi-fetch does", async () => {
    expect(await post()).toMatchObject({ data: JOB, response: { status: 200 } });
    answers = [404];
    expect(await post()).toMatchObject({ error: { error: { code: "404" } }, response: { status: 404 } });
  });

  test("and leaves no listener on a signal", async () => {
    const { signal } = new AbortController();
    for (let call = 0; call < 3; call++) await post({ params, signal });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("and masks a secret header that the caller or a middleware has set", async () => {
    const fetch = async (_: string, { headers }: RequestInit) =>
      new Response([...new Headers(headers)].join(), { status: 200 });
    const onRequest: Middleware["onRequest"] = ({ request }) => request.headers.set("x-a-token", "from-a-middleware");
    const error = await post({ params, headers: { "x-b-token": "from-the-caller" } }, [{ onRequest }], { fetch });
    expect(error).toMatchObject({ name: "ResponseError" });
    expect(String(error)).not.toMatch(/from-/);
  });

  test("and masks one in what a middleware throws before the request is sent", async () => {
    const onRequest: Middleware["onRequest"] = ({ request }) => {
      throw Object.assign(new Error(`refused ${request.headers.get("x-a-token")}`), { request });
    };
    const error = await post({ params, headers: { "x-a-token": "from-the-caller" } }, [{ onRequest }]);
    expect(error).toMatchObject({ name: "ConfigurationError", outcome: "not-sent" });
    expect(inspect(error)).not.toContain("from-the-caller");
  });

  test.each<[what: string, init: object, middlewares: Middleware[]]>([
    ["the caller", { params, headers: { "x-a-token": "a-secret\nof-mine" } }, []],
    [
      "a middleware",
      { params },
      [{ onRequest: ({ request }) => request.headers.set("x-a-token", "a-secret\nof-mine") }],
    ],
  ])("and shows no secret header of %s that can't be sent", async (_, init, middlewares) => {
    const error = await post(init, middlewares);
    expect(error).toMatchObject({
      name: "ConfigurationError",
      message: "client.http, or a middleware of it, threw an error: a header has an invalid name or value.",
      outcome: "not-sent",
    });
    expect(inspect(error)).not.toMatch(/a-secret|of-mine/);
  });

  test("and a fetch of one call takes the place of the client's, with the credential", async () => {
    const urls: unknown[] = [];
    const fetch = async (url: string, { headers }: RequestInit) => {
      urls.push(url, new Headers(headers).get("api-key"));
      return Response.json(JOB);
    };
    expect(await post({ params, fetch })).toMatchObject({ data: JOB });
    expect(urls).toEqual([`${endpoint}${PATH.replace("{fine_tuning_job_id}", JOB.id)}`, "a-key-for-middlewares"]);
  });
});
