// Made by scripts/generate.ts from openapi.yaml and observed.overlay.yaml. Do not edit: run `npm run generate`.
import type { ErrorDetail, FineTuningJob } from "./types.js";

/** The contract's example jobs, by name. */
export const jobExamples = {
  "cancelledWhileQueued": {
    "id": "ftjob-abc123",
    "created_at": 1763900000,
    "error": null,
    "fine_tuned_model": null,
    "finished_at": null,
    "hyperparameters": {
      "batch_size": "auto",
      "learning_rate_multiplier": "auto",
      "n_epochs": "auto"
    },
    "model": "gpt-4o-mini-2024-07-18",
    "object": "fine_tuning.job",
    "organization_id": "org-123",
    "result_files": [],
    "status": "cancelled",
    "trained_tokens": null,
    "training_file": "file-abc123",
    "validation_file": null,
    "seed": 42
  },
  "cancelledWhileRunning": {
    "id": "ftjob-abc123",
    "created_at": 1763900000,
    "error": null,
    "fine_tuned_model": null,
    "finished_at": null,
    "hyperparameters": {
      "batch_size": 4,
      "learning_rate_multiplier": 1.8,
      "n_epochs": 3
    },
    "model": "gpt-4.1-mini-2025-04-14",
    "object": "fine_tuning.job",
    "organization_id": "org-123",
    "result_files": [
      "file-result1"
    ],
    "status": "cancelled",
    "trained_tokens": 5768,
    "training_file": "file-abc123",
    "validation_file": "file-def456",
    "integrations": [],
    "seed": 683058546,
    "estimated_finish": null,
    "method": {
      "type": "supervised",
      "supervised": {
        "hyperparameters": {
          "batch_size": 4,
          "learning_rate_multiplier": 1.8,
          "n_epochs": 3
        }
      }
    },
    "metadata": null
  },
  "cancelledDpo": {
    "id": "ftjob-abc123",
    "created_at": 1763900000,
    "error": null,
    "fine_tuned_model": null,
    "finished_at": null,
    "hyperparameters": {
      "batch_size": null
    },
    "model": "gpt-4o-2024-08-06",
    "object": "fine_tuning.job",
    "organization_id": "org-123",
    "result_files": [],
    "status": "cancelled",
    "trained_tokens": null,
    "training_file": "file-abc123",
    "validation_file": null,
    "seed": 7,
    "method": {
      "type": "dpo",
      "dpo": {
        "hyperparameters": {
          "beta": 0.1,
          "batch_size": "auto",
          "learning_rate_multiplier": "auto",
          "n_epochs": 2
        }
      }
    }
  },
  "cancelledReinforcement": {
    "id": "ftjob-abc123",
    "created_at": 1763900000,
    "error": null,
    "fine_tuned_model": null,
    "finished_at": null,
    "hyperparameters": {},
    "model": "o4-mini-2025-04-16",
    "object": "fine_tuning.job",
    "organization_id": "org-123",
    "result_files": [],
    "status": "cancelled",
    "trained_tokens": null,
    "training_file": "file-abc123",
    "validation_file": "file-def456",
    "seed": 950189191,
    "method": {
      "type": "reinforcement",
      "reinforcement": {
        "grader": {
          "type": "string_check",
          "name": "exact answer",
          "operation": "eq",
          "input": "{{sample.output_text}}",
          "reference": "{{item.answer}}"
        },
        "hyperparameters": {
          "batch_size": "auto",
          "learning_rate_multiplier": "auto",
          "n_epochs": "auto",
          "reasoning_effort": "medium",
          "compute_multiplier": 1.5,
          "eval_interval": "auto",
          "eval_samples": 5
        },
        "response_format": null
      }
    }
  },
  "cancelledWithIntegration": {
    "id": "ftjob-abc123",
    "created_at": 1763900000,
    "error": null,
    "fine_tuned_model": null,
    "finished_at": null,
    "hyperparameters": {
      "batch_size": "auto",
      "learning_rate_multiplier": "auto",
      "n_epochs": "auto"
    },
    "model": "gpt-4o-mini-2024-07-18",
    "object": "fine_tuning.job",
    "organization_id": "org-123",
    "result_files": [],
    "status": "cancelled",
    "trained_tokens": null,
    "training_file": "file-abc123",
    "validation_file": null,
    "integrations": [
      {
        "type": "wandb",
        "wandb": {
          "project": "my-wandb-project",
          "name": null,
          "entity": "my-team",
          "tags": [
            "first-try"
          ]
        }
      }
    ],
    "seed": 42,
    "metadata": {
      "team": "search",
      "ticket": "FT-1024"
    }
  },
  "alreadyFailed": {
    "id": "ftjob-abc123",
    "created_at": 1763900000,
    "error": {
      "code": "invalid_training_file",
      "message": "The training file has too few examples.",
      "param": "training_file"
    },
    "fine_tuned_model": null,
    "finished_at": null,
    "hyperparameters": {
      "batch_size": "auto",
      "learning_rate_multiplier": "auto",
      "n_epochs": "auto"
    },
    "model": "gpt-4o-mini-2024-07-18",
    "object": "fine_tuning.job",
    "organization_id": "org-123",
    "result_files": [],
    "status": "failed",
    "trained_tokens": null,
    "training_file": "file-abc123",
    "validation_file": null,
    "seed": 42
  }
} as Readonly<Record<"cancelledWhileQueued" | "cancelledWhileRunning" | "cancelledDpo" | "cancelledReinforcement" | "cancelledWithIntegration" | "alreadyFailed", FineTuningJob>>;

/** The contract's example errors, by status. */
export const errorExamples = {
  "400": {
    "code": "invalidPayload",
    "message": "The request is invalid.",
    "param": "fine_tuning_job_id",
    "type": "invalid_request_error"
  },
  "401": {
    "code": "401",
    "message": "Access denied. Send a valid key or token."
  },
  "403": {
    "code": "403",
    "message": "This principal may not cancel fine-tuning jobs."
  },
  "404": {
    "code": "404",
    "message": "The job was not found."
  },
  "408": {
    "code": "408",
    "message": "The operation timed out."
  },
  "429": {
    "code": "429",
    "message": "Too many requests. Try again later."
  },
  "500": {
    "code": "500",
    "message": "The server had an error while it processed the request.",
    "type": "server_error",
    "inner_error": {}
  },
  "503": {
    "code": "503",
    "message": "The service is temporarily unavailable."
  }
} as Readonly<Record<number, ErrorDetail>>;
