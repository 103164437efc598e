/** Situations in which this client and the official one, `openai`, behave differently. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createFineTuningClient } from "../../src/index.js";

export interface Situation {
  readonly what: string;
  /** How the service answers; without it, nothing listens at the endpoint. */
  readonly answer?: RequestListener;
  /** What the official client does. `npm run test:peers` checks it. */
  readonly official: string;
}

/** How a call ended, in a form that survives JSON. */
export interface Ending {
  readonly returned?: unknown;
  readonly threw?: { readonly name: string; readonly message: string; readonly outcome?: string };
}

export const KEY = "a-key-for-the-comparison";
const JOB =
  '{"id":"ftjob-1","object":"fine_tuning.job","status":"cancelled","created_at":1,"model":"m","training_file":"f"}';
const JSON_TYPE = { "content-type": "application/json" };

export const situations: readonly Situation[] = [
  {
    what: "200 with an HTML page, as a proxy's sign-in page",
    answer: (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>"),
    official: "returns the page as the job",
  },
  {
    what: "200 with an empty body",
    answer: (_, response) => response.writeHead(200, JSON_TYPE).end(),
    official: "returns `undefined`",
  },
  {
    what: "200, and the connection breaks in the body",
    answer: (_, response) => {
      response.writeHead(200, JSON_TYPE).write('{"id":', () => response.destroy());
    },
    official: "throws `TypeError`",
  },
  {
    what: "the connection is refused",
    official: "throws `APIConnectionError`",
  },
  {
    what: "the connection is reset after the request was sent",
    answer: (_, response) => response.destroy(),
    official: "throws `APIConnectionError` after 3 requests",
  },
  {
    what: "307 to another origin",
    answer: ({ headers }, response) => response.writeHead(307, { location: String(headers["x-other-origin"]) }).end(),
    official: "follows the redirect, returns the job",
  },
  {
    what: "429 with `retry-after: 120`, in the first 10 s",
    answer: (_, response) => response.writeHead(429, { ...JSON_TYPE, "retry-after": "120" }).end("{}"),
    official: "throws `RateLimitError` after 3 requests",
  },
  {
    what: "401 with a message that quotes the key",
    answer: ({ headers }, response) => {
      const key = headers["api-key"] ?? headers.authorization;
      response.writeHead(401, JSON_TYPE).end(JSON.stringify({ error: { message: `The key ${key} is wrong.` } }));
    },
    official: "throws `AuthenticationError`, whose message shows the key",
  },
];

/** Plays a situation to a client and describes what the client did. Throws when the call takes longer than 10 s. */
export async function play(
  { what, answer }: Situation,
  cancel: (endpoint: string, headers: Record<string, string>) => Promise<Ending>,
): Promise<string> {
  let [requests, followed] = [0, false];
  const service = await listen((request, response) => {
    requests++;
    answer?.(request, response);
  });
  const other = await listen((_, response) => {
    followed = true;
    response.writeHead(200, JSON_TYPE).end(JOB);
  });
  if (!answer) await close(service.server);
  const began = performance.now();
  const { returned, threw } = await cancel(service.url, { "x-other-origin": other.url });
  if (performance.now() - began > 10_000) throw new Error(`${what}: the call took longer than 10 s.`);
  await Promise.all([close(service.server), close(other.server)]);
  const after = requests > 1 ? ` after ${requests} requests` : "";
  return `${followed ? "follows the redirect, " : ""}${threw ? wordsOfError(threw) : `returns ${wordsOfValue(returned)}`}${after}`;
}

function wordsOfError({ name, message, outcome }: NonNullable<Ending["threw"]>): string {
  const shows = message.includes(KEY) ? ", whose message shows the key" : "";
  return `throws \`${name}\`${outcome === undefined ? "" : `, outcome \`${outcome}\``}${shows}`;
}

function wordsOfValue(value: unknown): string {
  if (typeof value === "string") return "the page as the job";
  return typeof value === "object" && value !== null ? "the job" : `\`${value}\``;
}

/** The call as this client makes it, with waits so short that a test can play every situation. */
export async function cancelWithThisClient(endpoint: string, headers: Record<string, string>): Promise<Ending> {
  try {
    const client = createFineTuningClient({ endpoint, apiKey: KEY, headers, maxRetryDelayMs: 5 });
    return { returned: await client.cancel("ftjob-1") };
  } catch (error) {
    return { threw: error as NonNullable<Ending["threw"]> };
  }
}

async function listen(answer: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function close(server: Server): Promise<unknown> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}
