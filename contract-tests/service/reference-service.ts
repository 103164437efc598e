/**
 * The operation, served honestly and in small: jobs in each state, both credentials, the error bodies of Azure. It is a
 * peer to be tested, so it shares no code with the client or with anything generated.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Text as it goes out. */
  body: string;
}

/** Ways in which it can be made to lie; a lie that the suite does not notice is a hole in the suite. */
export interface Lies {
  /** Changes an answer on its way out. */
  readonly change?: (answer: Answer, request: IncomingMessage) => Answer;
  readonly acceptNoKey?: boolean;
  readonly acceptWrongKey?: boolean;
  readonly acceptAnyMethod?: boolean;
  readonly acceptUnknownJob?: boolean;
}

export interface ReferenceService {
  readonly url: string;
  readonly apiKey: string;
  readonly token: string;
  /** The ids of its jobs, by the state that each is in at first. */
  readonly jobs: Readonly<Record<string, string>>;
  /** What was asked of it: method and path. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const STATES = ["validating_files", "queued", "running", "succeeded", "failed", "cancelled"];
export const API_KEY = "reference-key-7f3a9c";
const TOKEN = "reference-token-5d1e8b";
const PATH = /^\/openai\/v1\/fine_tuning\/jobs\/([^/?#]+)\/cancel$/;

function newJob(state: string, index: number): Record<string, unknown> {
  const failed = state === "failed";
  return {
    id: `ftjob-${state.replace("_", "-")}`,
    created_at: 1_763_900_000 + index,
    error: failed ? { code: "invalid_file", message: "The file cannot be read.", param: "training_file" } : null,
    fine_tuned_model: state === "succeeded" ? "gpt-4o-mini:tuned" : null,
    finished_at: null,
    hyperparameters: { batch_size: "auto", learning_rate_multiplier: 1.5, n_epochs: 3 },
    model: "gpt-4o-mini-2024-07-18",
    object: "fine_tuning.job",
    organization_id: "org-1",
    result_files: state === "succeeded" ? ["file-result"] : [],
    status: state,
    trained_tokens: state === "succeeded" ? 4_096 : null,
    training_file: "file-training",
    validation_file: index % 2 ? "file-validation" : null,
    seed: 1_000 + index,
    integrations: [{ type: "wandb", wandb: { project: "runs", name: null, entity: null, tags: ["a"] } }],
    estimated_finish: null,
    method: { type: "supervised", supervised: { hyperparameters: { n_epochs: 3 } } },
    metadata: { team: "search" },
  };
}

/** Starts it on loopback, on a port that the system picks. */
export async function startReferenceService(lies: Lies = {}): Promise<ReferenceService> {
  const jobs = new Map(STATES.map((state, index) => [`ftjob-${state.replace("_", "-")}`, newJob(state, index)]));
  const asked: string[] = [];
  let count = 0;

  const json = (status: number, body: unknown): Answer => ({
    status,
    headers: {
      "content-type": "application/json",
      "apim-request-id": `apim-${count}`,
      "x-request-id": `request-${count}`,
    },
    body: JSON.stringify(body),
  });
  const refuse = (status: number, message: string) => json(status, { error: { code: String(status), message } });

  const answer = ({ method, url = "", headers }: IncomingMessage): Answer => {
    count++;
    asked.push(`${method} ${url}`);
    const match = PATH.exec(url);
    if (!match) return refuse(404, "Resource not found.");
    if (method !== "POST" && !lies.acceptAnyMethod) return refuse(405, "The method is not allowed.");
    const given = headers["api-key"] ?? headers.authorization;
    if (given === undefined && !lies.acceptNoKey) return refuse(401, "No credential was sent.");
    const right = headers["api-key"] === API_KEY || headers.authorization === `Bearer ${TOKEN}`;
    if (given !== undefined && !right && !lies.acceptWrongKey) return refuse(401, "The credential is wrong.");
    const id = decodeURIComponent(match[1] as string);
    const job = jobs.get(id) ?? (lies.acceptUnknownJob ? { ...newJob("queued", 0), id } : undefined);
    if (!job) return refuse(404, "The job was not found.");
    // Whether a real service refuses here, and with which status, is not known; this one does.
    if (["succeeded", "failed"].includes(String(job.status))) return refuse(400, "The job has finished already.");
    job.status = "cancelled";
    return json(200, job);
  };

  const server: Server = createServer((request, response) => {
    const honest = answer(request);
    const { status, headers, body } = lies.change?.(honest, request) ?? honest;
    response.writeHead(status, headers);
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: API_KEY,
    token: TOKEN,
    jobs: Object.fromEntries([...jobs].map(([id, job]) => [String(job.status), id])),
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
