import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ConfigurationError, createFineTuningClient, type FineTuningClientOptions } from "../../src/index.js";
import { JOB } from "./job.js";

/** Hostile arguments: each is refused before anything is sent, or makes exactly the one request that it should. */

const KEY = "a-key-that-must-not-be-shown";
const environment = { ...process.env };
beforeEach(() => {
  process.env = { ...environment };
  delete process.env.AZURE_OPENAI_ENDPOINT;
  delete process.env.AZURE_OPENAI_API_KEY;
});
afterAll(() => {
  process.env = environment;
});

let server: Server;
let endpoint: string;
const seen: { method: string | undefined; url: string | undefined }[] = [];
beforeAll(async () => {
  server = createServer({ maxHeaderSize: 1024 * 1024 }, ({ method, url }, response) => {
    seen.push({ method, url });
    const [, id = ""] = /jobs\/([^/]*)\/cancel$/.exec(url ?? "") ?? [];
    response.setHeader("content-type", "application/json").end(JSON.stringify({ ...JOB, id: decodeURIComponent(id) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

/** One call, and what came of it. */
async function attempt(make: () => Promise<unknown>) {
  seen.length = 0;
  try {
    await make();
    return { requests: [...seen], error: undefined };
  } catch (error) {
    return { requests: [...seen], error: error as ConfigurationError };
  }
}

const cancel = (id: unknown, options: FineTuningClientOptions = {}, request?: object) =>
  attempt(() => createFineTuningClient({ endpoint, apiKey: KEY, ...options }).cancel(id as string, request));

function expectRefused({ requests, error }: Awaited<ReturnType<typeof attempt>>, says?: string | RegExp) {
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error).toMatchObject({ name: "ConfigurationError", outcome: "not-sent", attempts: 0 });
  expect(requests).toEqual([]);
  if (says !== undefined) expect(error?.message).toMatch(says);
}

/** A proxy whose target is gone: whatever is done with it throws a TypeError, `instanceof` too. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const pathOf = (id: string) => `/openai/v1/fine_tuning/jobs/${encodeURIComponent(id)}/cancel`;

/** Text with what could break out of a path or a header. */
const hostileText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "/",
        "\\",
        "..",
        ".",
        "%2e",
        "%2F",
        "%00",
        "?",
        "#",
        "\r\n",
        "\0",
        "\ud800",
        "\udfff",
        "é",
        "𝒳",
        "{",
        "}",
        "$&",
        "@",
        ":",
        ";",
        " ",
        "ftjob",
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join("")),
);
/** Fewer where the suite runs once for each mutant of the client. */
const runs = { numRuns: Number(process.env.PROPERTY_RUNS ?? 1_000) };

describe("job ids", () => {
  test.each([
    ["", /empty/],
    [".", /would change the request path/],
    ["..", /would change the request path/],
    ["\ud800", /surrogate/],
    ["a\udfffb", /surrogate/],
    [undefined, /not undefined/],
    [null, /not null/],
    [7, /not number/],
    [{}, /not object/],
    [["ftjob-abc123"], /not object/],
    [{ toString: () => "ftjob-abc123" }, /not object/],
    [Symbol("id"), /not symbol/],
  ])("%# is refused", async (id, says) => {
    expectRefused(await cancel(id), says);
  });

  test.each([
    "ftjob-abc123",
    "{fine_tuning_job_id}",
    "...",
    "a/b",
    "../x",
    "%2e%2e",
    "%2F",
    "a?b#c",
    "a\r\nx: y",
    "\0",
    "é𝒳",
    "a b",
    "$&",
    "x".repeat(100_000),
  ])("%# is one segment, encoded", async (id) => {
    expect(await cancel(id)).toEqual({ requests: [{ method: "POST", url: pathOf(id) }], error: undefined });
  });

  test("any text is refused, or is exactly one request with one encoded segment", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (id) => {
        const tried = await cancel(id);
        if (tried.error) return expectRefused(tried);
        expect(tried.requests).toEqual([{ method: "POST", url: pathOf(id) }]);
        expect(tried.requests[0]?.url?.split("/")).toHaveLength(7);
      }),
      runs,
    );
  });

  test("the generic client refuses them too, and a request without one, and one to another origin", async () => {
    const { http } = createFineTuningClient({ endpoint, apiKey: KEY });
    const path = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";
    expectRefused(
      await attempt(() => http.POST(path, { params: { path: { fine_tuning_job_id: ".." } } })),
      /would change the request path/,
    );
    expectRefused(await attempt(() => http.POST(path, {} as never)), /missing/);
    const elsewhere = { params: { path: { fine_tuning_job_id: "ftjob-abc123" } }, baseUrl: "http://127.0.0.1:9" };
    expectRefused(await attempt(() => http.POST(path, elsewhere)), /own endpoint/);
  });
});

/** localhost and the names beneath it, each label of which has a character; or an address of the loopback interface. */
function isThisMachine(hostname: string): boolean {
  const labels = hostname.split(".");
  if (labels.at(-1) === "localhost") return !labels.includes("");
  return (
    hostname === "[::1]" || (labels.length === 4 && labels[0] === "127" && labels.every((each) => /^\d+$/.test(each)))
  );
}

describe("endpoints", () => {
  const origin = (text: string) =>
    attempt(async () => {
      let url = "";
      const fetch = async (requested: string) => {
        url = requested;
        return Response.json(JOB);
      };
      await createFineTuningClient({ endpoint: text, apiKey: KEY, fetch }).cancel("ftjob-abc123");
      seen.push({ method: "POST", url });
    });

  test.each([
    ["https://my-resource.openai.azure.com", "https://my-resource.openai.azure.com"],
    ["https://my-resource.openai.azure.com/", "https://my-resource.openai.azure.com"],
    ["https://my-resource.openai.azure.com///", "https://my-resource.openai.azure.com"],
    ["https://my-resource.openai.azure.com/openai", "https://my-resource.openai.azure.com"],
    ["https://my-resource.openai.azure.com/openai/v1/", "https://my-resource.openai.azure.com"],
    ["HTTPS://MY-RESOURCE.openai.azure.com:443/openai/v1", "https://my-resource.openai.azure.com"],
    ["https://example.com:8443", "https://example.com:8443"],
    ["https://contoso.azure-api.net/aoai", "https://contoso.azure-api.net/aoai"],
    ["https://contoso.azure-api.net/team/aoai/openai/v1/", "https://contoso.azure-api.net/team/aoai"],
    ["https://contoso.azure-api.net/a%20b/openai", "https://contoso.azure-api.net/a%20b"],
    ["https://contoso.azure-api.net/openai-gateway", "https://contoso.azure-api.net/openai-gateway"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://127.10.20.30", "http://127.10.20.30"],
    ["http://[::1]:8080", "http://[::1]:8080"],
    ["http://localhost:8080/openai", "http://localhost:8080"],
    ["http://service.localhost", "http://service.localhost"],
    ["https://[2001:db8::1]", "https://[2001:db8::1]"],
  ])("%s is %s", async (text, base) => {
    expect(await origin(text)).toEqual({
      requests: [{ method: "POST", url: `${base}${pathOf("ftjob-abc123")}` }],
      error: undefined,
    });
  });

  test.each([
    ["", /No endpoint|not a URL/],
    ["my-resource.openai.azure.com", /not a URL|https/],
    ["localhost:8080", /https/],
    ["//my-resource.openai.azure.com", /not a URL/],
    ["ftp://example.com", /https/],
    ["file:///etc/passwd", /https/],
    ["javascript:alert(1)", /https/],
    ["https://user:pass@example.com", /user name/],
    ["https://user@example.com", /user name/],
    ["https://:pass@example.com", /user name/],
    ["https://example.com?api-version=1", /query/],
    ["https://example.com/#fragment", /query/],
    ["https://example.com?", /query/],
    ["https://example.com/aoai/../other", /dot segment/],
    ["https://example.com/aoai/..", /dot segment/],
    ["https://example.com/./aoai", /dot segment/],
    ["https://example.com/%2e%2E/aoai", /dot segment/],
    ["https://example.com/aoai%2Fother", /encoded slash/],
    ["https://example.com/aoai%5cother", /encoded slash/],
    ["https://example.com\\\\aoai", /backslash/],
    ["https://example.com/a//b", /empty segment/],
    ["https://example.com/openai/deployments/gpt-4o", /path beyond/],
    ["https://example.com/openai/v2", /path/],
    ["https://example.com/openai/v1/fine_tuning", /path/],
    ["http://example.com", /https.*allowInsecureConnection/],
    ["http://localhost.example.com", /allowInsecureConnection/],
    ["http://.localhost", /^endpoint must .*allowInsecureConnection/],
    ["http://..localhost", /^endpoint must .*allowInsecureConnection/],
    ["http://notlocalhost", /^endpoint must .*allowInsecureConnection/],
    ["http://a127.0.0.1.example", /allowInsecureConnection/],
    ["http://127.0.0.1.example.com", /allowInsecureConnection/],
    ["http://0.0.0.0", /allowInsecureConnection/],
    [7, /string/],
    [null, /string/],
    [new URL("https://example.com"), /string/],
  ])("%p is refused", async (text, says) => {
    expectRefused(await origin(text as string), says);
  });

  test("plain http needs allowInsecureConnection", async () => {
    const fetch = async () => Response.json(JOB);
    const made = createFineTuningClient({
      endpoint: "http://example.com",
      apiKey: KEY,
      allowInsecureConnection: true,
      fetch,
    });
    await expect(made.cancel("ftjob-abc123")).resolves.toEqual(JOB);
  });

  test("any text is refused, or is the origin of the one request; none shows what it was", async () => {
    const parts = fc.constantFrom(
      "https:",
      "http:",
      "//",
      "/",
      "127.0.0.1",
      "localhost",
      "example.com",
      "user:passw0rd@",
      ":80",
      ":0",
      "?q",
      "#f",
      "openai",
      "v1",
      "[::1]",
      "%2e",
      "\\",
      " ",
      "\n",
      "..",
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.webUrl(),
          fc.array(parts, { maxLength: 8 }).map((each) => each.join("")),
          hostileText,
        ),
        async (text) => {
          const tried = await origin(text);
          if (tried.error) {
            expectRefused(tried);
            expect(tried.error.message).not.toContain("passw0rd");
            return;
          }
          const url = new URL(tried.requests[0]?.url as string);
          expect(url.origin).toBe(new URL(text).origin);
          expect(url.pathname.endsWith(pathOf("ftjob-abc123"))).toBe(true);
          const basePath = url.pathname.slice(0, -pathOf("ftjob-abc123").length);
          // The URL parser resolves dots, so a base path that is in the text has none. It encodes spaces.
          const withoutSpace = (each: string) => each.replaceAll(/\s|%20/g, "").toLowerCase();
          if (basePath !== "") expect(withoutSpace(text)).toContain(withoutSpace(basePath));
          expect(basePath).not.toMatch(/\/\/|\/openai(\/|$)|%2f|%5c/i);
          expect(url.protocol === "https:" || isThisMachine(url.hostname)).toBe(true);
        },
      ),
      runs,
    );
  });
});

describe("credentials", () => {
  test.each<[what: string, options: FineTuningClientOptions, says: RegExp]>([
    ["none", { apiKey: undefined }, /No credential.*AZURE_OPENAI_API_KEY/],
    ["both", { tokenProvider: () => "token" }, /not both/],
    ["an empty key", { apiKey: "" }, /^apiKey must be a non-empty string/],
    ["a key with a line break", { apiKey: `${KEY}\n` }, /line break/],
    ["a key with a header in it", { apiKey: `${KEY}\r\nx: y` }, /line break/],
    ["a key with a space", { apiKey: ` ${KEY}` }, /space/],
    ["a key that is no string", { apiKey: 7 as never }, /string/],
    ["a key beyond Latin-1", { apiKey: "ключ" }, /character/],
    ["a provider that is no function", { apiKey: undefined, tokenProvider: "token" as never }, /function/],
  ])("%s is refused", async (_, options, says) => {
    const tried = await cancel("ftjob-abc123", options);
    expectRefused(tried, says);
    expect(tried.error?.message).not.toContain(KEY);
  });

  test("the environment fills the gaps, and an empty variable counts as none", async () => {
    process.env.AZURE_OPENAI_ENDPOINT = `${endpoint}/openai/v1/`;
    process.env.AZURE_OPENAI_API_KEY = KEY;
    expect(await attempt(() => createFineTuningClient().cancel("ftjob-abc123"))).toMatchObject({
      requests: [{ method: "POST" }],
    });
    expect(await attempt(() => createFineTuningClient({ tokenProvider: () => "token" }).cancel("x"))).toMatchObject({
      error: undefined,
    });
    process.env.AZURE_OPENAI_API_KEY = "";
    expectRefused(await attempt(async () => createFineTuningClient()), /No credential/);
    process.env.AZURE_OPENAI_API_KEY = `${KEY}\n`;
    expectRefused(await attempt(async () => createFineTuningClient()), /^AZURE_OPENAI_API_KEY holds/);
    process.env.AZURE_OPENAI_ENDPOINT = "http://example.com";
    expectRefused(await attempt(async () => createFineTuningClient()), /^AZURE_OPENAI_ENDPOINT must start with https/);
  });

  test("an environment that may not be read is one that is empty", async () => {
    const env = Object.getOwnPropertyDescriptor(process, "env") as PropertyDescriptor;
    Object.defineProperty(process, "env", {
      configurable: true,
      get: () => {
        throw new Error("not permitted");
      },
    });
    try {
      expect(() => createFineTuningClient()).toThrow("No endpoint");
    } finally {
      Object.defineProperty(process, "env", env);
    }
  });

  test.each([
    ["no process", undefined],
    ["a process without an environment", {}],
  ])("%s is an environment that is empty", (_, substitute) => {
    const { process: original } = globalThis;
    Object.defineProperty(globalThis, "process", { value: substitute, configurable: true, writable: true });
    try {
      expect(() => createFineTuningClient()).toThrow("No endpoint");
    } finally {
      Object.defineProperty(globalThis, "process", { value: original, configurable: true, writable: true });
    }
  });

  test("any key is refused, or arrives as it is", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (apiKey) => {
        let sent: string | null = null;
        const fetch = async (_: unknown, init?: RequestInit) => {
          sent = new Headers(init?.headers).get("api-key");
          return Response.json(JOB);
        };
        const tried = await cancel("ftjob-abc123", { apiKey, fetch });
        if (tried.error) expectRefused(tried);
        else expect(sent).toBe(apiKey);
      }),
      runs,
    );
  });
});

describe("headers", () => {
  test.each<[what: string, headers: unknown, says: RegExp]>([
    ["a name with a space", { "x y": "1" }, /not a header name/],
    ["an empty name", { "": "1" }, /not a header name/],
    ["a name with a line break", { "x\r\ny": "1" }, /not a header name/],
    ["a value with a line break", { x: "1\r\ny: 2" }, /value of x/],
    ["a value with NUL", { x: "\0" }, /value of x/],
    ["a value beyond Latin-1", { x: "ключ" }, /value of x/],
    ["a value that is no string", { x: 1 }, /value of x/],
    ["a list", [["x", "1"]], /plain object/],
    ["a text", "x: 1", /plain object/],
    ["a number", 7, /plain object/],
    ["Headers", new Headers(), /plain object/],
    ["null", null, /plain object/],
    ["a second way to give a key", { "Api-Key": "other" }, /sets Api-Key itself.*apiKey or tokenProvider/],
    [
      "a second way to give a token",
      { Authorization: "Bearer other" },
      /sets Authorization itself.*apiKey or tokenProvider/,
    ],
    ["a length", { "content-length": "5" }, /the client sets content-length itself\.$/],
    ["another host", { host: "example.com" }, /the client sets host itself\.$/],
    ["a hop", { connection: "close" }, /the client sets connection itself\.$/],
  ])("%s is refused, of the client and of a call", async (_, headers, says) => {
    expectRefused(await cancel("ftjob-abc123", { headers: headers as never }), says);
    expectRefused(await cancel("ftjob-abc123", {}, { headers }), says);
  });

  test("those of a call win over the client's", async () => {
    let sent = new Headers();
    const fetch = async (_: unknown, init?: RequestInit) => {
      sent = new Headers(init?.headers);
      return Response.json(JOB);
    };
    await cancel("ftjob-abc123", { fetch, headers: { x: "client", y: "client" } }, { headers: { X: "call" } });
    expect([sent.get("x"), sent.get("y"), sent.get("accept")]).toEqual(["call", "client", "application/json"]);
  });

  test("any headers are refused, or arrive as fetch writes them", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, hostileText, async (name, value) => {
        const tried = await cancel("ftjob-abc123", {}, { headers: { [name]: value } });
        if (tried.error) return expectRefused(tried);
        expect(tried.requests).toEqual([{ method: "POST", url: pathOf("ftjob-abc123") }]);
      }),
      runs,
    );
  });
});

describe("options", () => {
  test.each<[options: object, says: RegExp]>([
    [
      { apikey: KEY },
      /^createFineTuningClient has no option "apikey"\. Its options: endpoint, apiKey, tokenProvider, /,
    ],
    [{ timeoutMs: 0 }, /timeoutMs must be an integer from 1/],
    [{ timeoutMs: Number.NaN }, /timeoutMs/],
    [{ timeoutMs: -1 }, /timeoutMs/],
    [{ timeoutMs: Number.POSITIVE_INFINITY }, /timeoutMs/],
    [{ timeoutMs: 2 ** 31 }, /timeoutMs/],
    [{ timeoutMs: "30" }, /timeoutMs/],
    [{ timeoutMs: 300_001 }, /timeoutMs must be an integer from 1 to 300000\. The built-in fetch gives up after 300 s/],
    [{ timeoutMs: 2 ** 31, fetch }, /timeoutMs must be an integer from 1 to 2147483647/],
    [{ timeoutMs: null }, /timeoutMs/],
    [{ maxRetries: -1 }, /maxRetries/],
    [{ maxRetries: 1.5 }, /maxRetries/],
    [{ maxRetries: 101 }, /maxRetries/],
    [{ maxRetryDelayMs: -1 }, /maxRetryDelayMs/],
    [{ maxRetryDelayMs: 2 ** 31 }, /maxRetryDelayMs/],
    [{ maxResponseBytes: 0 }, /maxResponseBytes/],
    [{ maxResponseBytes: Number.MAX_VALUE }, /maxResponseBytes/],
    [{ validation: "loud" }, /validation/],
    [{ validation: null }, /validation/],
    [{ onViolation: "log" }, /onViolation must be a function/],
    [{ onRetry: {} }, /onRetry must be a function/],
    [{ fetch: "fetch" }, /fetch must be a function/],
    [{ allowInsecureConnection: "yes" }, /allowInsecureConnection must be a boolean/],
  ])("%p is refused", async (options, says) => {
    expectRefused(await cancel("ftjob-abc123", options), says);
  });

  test.each<[options: object, says: RegExp]>([
    [{ timeout: 5 }, /cancel has no option "timeout"/],
    [{ apiKey: KEY }, /cancel has no option "apiKey"/],
    [{ timeoutMs: 0 }, /timeoutMs/],
    [{ maxRetries: -1 }, /maxRetries/],
    [{ signal: {} }, /AbortSignal/],
    [{ signal: null }, /AbortSignal/],
    [{ signal: 7 }, /AbortSignal/],
    [{ signal: { aborted: false } }, /AbortSignal/],
    [{ signal: { addEventListener: () => {} } }, /AbortSignal/],
    [{ signal: { aborted: false, addEventListener: () => {}, removeEventListener: () => {} } }, /AbortSignal/],
    [{ signal: Object.create(AbortSignal.prototype) }, /AbortSignal/],
    [{ signal: new AbortController() }, /AbortSignal/],
    [{ timeoutMs: 300_001 }, /300 s/],
  ])("of a call, %p is refused", async (options, says) => {
    expectRefused(await cancel("ftjob-abc123", {}, options), says);
  });

  test("a signal in place of the options is refused: it would not end the call", async () => {
    expectRefused(await cancel("ftjob-abc123", {}, AbortSignal.timeout(60_000)), /pass \{ signal \}/);
  });

  test("options that throw when they are read are refused", async () => {
    const throwing = () => {
      throw new Error("mine");
    };
    const withGetter = (options: object) => Object.defineProperty(options, "timeoutMs", { get: throwing });
    const client = withGetter({ endpoint, apiKey: KEY });
    expectRefused(await attempt(async () => createFineTuningClient(client)), /can't be read: mine\./);
    expectRefused(await cancel("ftjob-abc123", {}, withGetter({})), /can't be read: mine\./);
    const untouchable = new Proxy({}, { ownKeys: () => ["x", "x"] });
    expectRefused(await cancel("ftjob-abc123", {}, untouchable), /can't be read/);
    expectRefused(await cancel("ftjob-abc123", { headers: untouchable }), /can't be read/);
  });

  test("a value that throws at every touch is refused where a getter or a token provider throws it", async () => {
    const throwing = () => {
      throw revoked();
    };
    const options = Object.defineProperty({ endpoint, apiKey: KEY }, "timeoutMs", { get: throwing });
    expectRefused(await attempt(async () => createFineTuningClient(options)), /can't be read/);
    expectRefused(await cancel("ftjob-abc123", { apiKey: undefined, tokenProvider: throwing }), /^tokenProvider threw/);
  });

  test.each([null, 7, "options", []])("%p in place of the options is refused", async (options) => {
    expectRefused(await attempt(async () => createFineTuningClient(options as never)), /must be an object/);
    expectRefused(await cancel("ftjob-abc123", {}, options as never), /must be an object/);
  });

  test("the limits themselves are good, and so is undefined", async () => {
    const limits = { timeoutMs: 300_000, maxRetries: 100, maxRetryDelayMs: 0, maxResponseBytes: 1_000 };
    expect(await cancel("ftjob-abc123", { ...limits, onRetry: undefined })).toMatchObject({ error: undefined });
    expect(await cancel("ftjob-abc123", { maxRetries: 0, maxRetryDelayMs: 2 ** 31 - 1 })).toMatchObject({
      error: undefined,
    });
    expect(await cancel("ftjob-abc123", {}, { timeoutMs: 5_000, maxRetries: 0, signal: undefined })).toMatchObject({
      error: undefined,
    });
  });
});
