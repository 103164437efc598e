/** A job as JSON of about the given size. Real jobs grow by their list of result files, and so does this one. */
export function jobOf(bodyBytes: number): string {
  const result_files: string[] = [];
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
    result_files,
    seed: 42,
    status: "cancelled",
    trained_tokens: null,
    training_file: "file-abc123",
    validation_file: "file-def456",
  };
  const file = "file-0123456789abcdef01234567";
  const room = bodyBytes - JSON.stringify(job).length;
  for (let used = 0; used < room; used += file.length + 3) result_files.push(file);
  return JSON.stringify(job);
}
