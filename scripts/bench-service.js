/** The service of the benchmark, in a process of its own: it answers every cancel with a job of the size asked for. */
import { createServer } from "node:http";

/** A job of about the given size: what grows in real ones is their list of result files. */
export function jobOf(bodyBytes) {
  const job = {
    id: "ftjob-abc123",
    created_at: 1_763_900_000,
    error: null,
    estimated_finish: null,
    fine_tuned_model: null,
    finished_at: null,
    hyperparameters: { batch_size: 8, learning_rate_multiplier: 0.5, n_epochs: 3 },
    integrations: [{ type: "wandb", wandb: { project: "runs", name: "run", entity: null, tags: ["a", "b"] } }],
    metadata: { team: "search", purpose: "evaluation" },
    method: {
      type: "supervised",
      supervised: { hyperparameters: { batch_size: 8, learning_rate_multiplier: 0.5, n_epochs: 3 } },
    },
    model: "gpt-4o-mini-2024-07-18",
    object: "fine_tuning.job",
    organization_id: "org-abc123",
    result_files: [],
    seed: 42,
    status: "cancelled",
    trained_tokens: null,
    training_file: "file-abc123",
    validation_file: "file-def456",
  };
  const file = "file-0123456789abcdef01234567";
  const room = bodyBytes - JSON.stringify(job).length;
  for (let used = 0; used < room; used += file.length + 3) job.result_files.push(file);
  return JSON.stringify(job);
}

if (process.send) {
  let body = jobOf(1_000);
  const headers = { "content-type": "application/json", "apim-request-id": "apim-1", "x-request-id": "request-1" };
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1", () => {
    process.on("message", ({ bodyBytes }) => {
      if (bodyBytes) body = jobOf(bodyBytes);
      process.send({ port: server.address().port });
    });
  });
  process.on("disconnect", () => process.exit());
}
