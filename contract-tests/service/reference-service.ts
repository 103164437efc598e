/**
 * A small service with the one operation: a job in each state, both kinds of credential, and Azure's error bodies. The
 * suite is tested against it, so it shares no code with the client, with the tables, or with anything generated.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReferenceResponse {
  status: number;
  /** The reason phrase, where it is not the usual one. */
  reason?: string;
  /** A list is sent as a header for each value. */
  headers: Record<string, string | string[]>;
  body: string;
  /** Sent in place of `body`. */
  bytes?: Uint8Array;
  trailers?: Record<string, string>;
}

/** Ways in which it misbehaves on request. */
export interface Misbehaviour {
  /** Changes a response before it is sent. */
  readonly change?: (response: ReferenceResponse, request: IncomingMessage) => ReferenceResponse;
  readonly acceptNoKey?: boolean;
  readonly acceptWrongKey?: boolean;
  readonly acceptAnyMethod?: boolean;
  readonly acceptUnknownJob?: boolean;
}

export interface ReferenceService {
  readonly url: string;
  readonly apiKey: string;
  readonly token: string;
  /** The ids of its jobs, by the state in which each starts. */
  readonly jobs: Readonly<Record<string, string>>;
  /** The requests that it got, each as method and path. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

const STATES = ["validating_files", "queued", "running", "succeeded", "failed", "cancelled"];
export const API_KEY = "reference-key-7f3a9c";
const TOKEN = "reference-token-5d1e8b";
const PATH = /^\/openai\/v1\/fine_tuning\/jobs\/([^/?#]+)\/cancel$/;

function newJob(state: string, index: number): Record<string, unknown> {
  return {
    id: `ftjob-${state.replace("_", "-")}`,
    created_at: 1_763_900_000 + index,
    error: null,
    fine_tuned_model: null,
    finished_at: null,
    hyperparameters: { batch_size: "auto", learning_rate_multiplier: 1.5, n_epochs: 3 },
    model: "gpt-4o-mini-2024-07-18",
    object: "fine_tuning.job",
    organization_id: "org-1",
    result_files: [],
    status: state,
    trained_tokens: null,
    training_file: "file-training",
    validation_file: index % 2 ? "file-validation" : null,
    seed: 1_000 + index,
    integrations: [{ type: "wandb", wandb: { project: "runs", name: null, entity: null, tags: ["a"] } }],
    estimated_finish: null,
    method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 3 } } },
    metadata: { team: "search" },
  };
}

type Jobs = ReadonlyMap<string, Record<string, unknown>>;

function respond(
  { method, url = "", headers }: IncomingMessage,
  jobs: Jobs,
  misbehaviour: Misbehaviour,
  apiKey: string,
) {
  const refuse = (status: number, message: string) => ({ status, body: { error: { code: String(status), message } } });
  const match = PATH.exec(url);
  if (!match) return refuse(404, "Resource not found.");
  if (method !== "POST" && !misbehaviour.acceptAnyMethod) return refuse(405, "The method is not allowed.");
  const given = headers["api-key"] ?? headers.authorization;
  if (given === undefined && !misbehaviour.acceptNoKey) return refuse(401, "No credential was sent.");
  const isRight = headers["api-key"] === apiKey || headers.authorization === `Bearer ${TOKEN}`;
  if (given !== undefined && !isRight && !misbehaviour.acceptWrongKey) return refuse(401, "The credential is wrong.");
  const id = decodeURIComponent(match[1] as string);
  const job = jobs.get(id) ?? (misbehaviour.acceptUnknownJob ? { ...newJob("queued", 0), id } : undefined);
  if (!job) return refuse(404, "The job was not found.");
  // Whether a real service refuses a finished job, and with which status, is not documented.
  if (["succeeded", "failed"].includes(String(job.status))) return refuse(400, "The job has already finished.");
  job.status = "cancelled";
  return { status: 200, body: job };
}

/** Starts it on loopback, on a port that the system picks; behind `basePath`, as a gateway would offer it. */
export async function startReferenceService(
  misbehaviour: Misbehaviour = {},
  basePath = "",
  apiKey = API_KEY,
): Promise<ReferenceService> {
  const jobs = new Map(STATES.map((state, index) => [`ftjob-${state.replace("_", "-")}`, newJob(state, index)]));
  const ids = Object.fromEntries([...jobs].map(([id, job]) => [String(job.status), id]));
  const requests: string[] = [];
  const server = createServer((request, outgoing) => {
    const count = requests.push(`${request.method} ${request.url}`);
    if (request.url?.startsWith(`${basePath}/`)) request.url = request.url.slice(basePath.length);
    else request.url = "/";
    const right = respond(request, jobs, misbehaviour, apiKey);
    const response: ReferenceResponse = {
      status: right.status,
      headers: {
        "content-type": "application/json",
        "apim-request-id": `apim-${count}`,
        "x-request-id": `request-${count}`,
      },
      body: JSON.stringify(right.body),
    };
    const { status, reason, headers, body, bytes, trailers } = misbehaviour.change?.(response, request) ?? response;
    if (trailers) outgoing.addTrailers(trailers);
    outgoing.writeHead(status, reason, { ...headers, ...(trailers && { trailer: Object.keys(trailers).join(", ") }) });
    outgoing.end(bytes ?? body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey,
    token: TOKEN,
    jobs: ids,
    requests,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
