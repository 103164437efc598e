// Made by scripts/generate.ts from openapi.yaml and observed.overlay.yaml. Do not edit: run `npm run generate`.

const FineTuningJobError = {
  "type": [ "object" ],
  "properties": {
    "code": { "type": [ "string", "null" ] },
    "message": { "type": [ "string", "null" ] },
    "param": { "type": [ "string", "null" ] },
    "error": {}
  }
} as const;

const AutoOrInteger = {
  "oneOf": [
    { "enum": [ "auto" ] },
    { "type": [ "integer" ] }
  ]
} as const;

const AutoOrNumber = {
  "oneOf": [
    { "enum": [ "auto" ] },
    { "type": [ "number" ] }
  ]
} as const;

const FineTuningJobHyperparameters = {
  "type": [ "object" ],
  "properties": {
    "batch_size": {
      "oneOf": [
        AutoOrInteger,
        { "type": [ "null" ] }
      ]
    },
    "learning_rate_multiplier": AutoOrNumber,
    "n_epochs": AutoOrInteger
  }
} as const;

const FineTuningIntegrationWandb = {
  "type": [ "object" ],
  "required": [ "project" ],
  "properties": {
    "project": { "type": [ "string" ] },
    "name": { "type": [ "string", "null" ] },
    "entity": { "type": [ "string", "null" ] },
    "tags": {
      "type": [ "array", "null" ],
      "items": { "type": [ "string" ] }
    },
    "run_id": {}
  }
} as const;

const FineTuningIntegration = {
  "type": [ "object" ],
  "required": [ "type", "wandb" ],
  "properties": {
    "type": { "enum": [ "wandb" ] },
    "wandb": FineTuningIntegrationWandb
  }
} as const;

const FineTuneSupervisedHyperparameters = {
  "type": [ "object" ],
  "properties": {
    "batch_size": AutoOrInteger,
    "learning_rate_multiplier": AutoOrNumber,
    "n_epochs": AutoOrInteger
  }
} as const;

const FineTuneSupervisedMethod = {
  "type": [ "object" ],
  "properties": {
    "hyperparameters": FineTuneSupervisedHyperparameters
  }
} as const;

const FineTuneDPOHyperparameters = {
  "type": [ "object" ],
  "properties": {
    "beta": AutoOrNumber,
    "batch_size": AutoOrInteger,
    "learning_rate_multiplier": AutoOrNumber,
    "n_epochs": AutoOrInteger
  }
} as const;

const FineTuneDPOMethod = {
  "type": [ "object" ],
  "properties": {
    "hyperparameters": FineTuneDPOHyperparameters
  }
} as const;

const FineTuneGrader = {
  "type": [ "object" ],
  "required": [ "type" ],
  "properties": {
    "type": { "enum": [ "string_check", "text_similarity", "python", "score_model", "multi" ] }
  }
} as const;

const FineTuneReinforcementHyperparameters = {
  "type": [ "object" ],
  "properties": {
    "batch_size": AutoOrInteger,
    "learning_rate_multiplier": AutoOrNumber,
    "n_epochs": AutoOrInteger,
    "reasoning_effort": { "enum": [ "default", "low", "medium", "high" ] },
    "compute_multiplier": AutoOrNumber,
    "eval_interval": AutoOrInteger,
    "eval_samples": AutoOrInteger
  }
} as const;

const FineTuneReinforcementMethod = {
  "type": [ "object" ],
  "required": [ "grader" ],
  "properties": {
    "grader": FineTuneGrader,
    "hyperparameters": FineTuneReinforcementHyperparameters,
    "response_format": { "type": [ "object", "null" ] }
  }
} as const;

const FineTuneMethod = {
  "type": [ "object" ],
  "required": [ "type" ],
  "properties": {
    "type": { "enum": [ "supervised", "dpo", "reinforcement" ] },
    "supervised": {
      "oneOf": [
        FineTuneSupervisedMethod,
        { "type": [ "null" ] }
      ]
    },
    "dpo": {
      "oneOf": [
        FineTuneDPOMethod,
        { "type": [ "null" ] }
      ]
    },
    "reinforcement": {
      "oneOf": [
        FineTuneReinforcementMethod,
        { "type": [ "null" ] }
      ]
    }
  }
} as const;

const Metadata = {
  "type": [ "object" ],
  "maxProperties": 16,
  "propertyNames": { "maxLength": 64 },
  "additionalProperties": { "type": [ "string" ], "maxLength": 512 }
} as const;

/** @internal */
export const FineTuningJob = {
  "type": [ "object" ],
  "required": [ "id", "created_at", "model", "object", "status", "training_file" ],
  "properties": {
    "id": { "type": [ "string" ] },
    "created_at": { "type": [ "integer" ] },
    "error": {
      "oneOf": [
        FineTuningJobError,
        { "type": [ "null" ] }
      ]
    },
    "fine_tuned_model": { "type": [ "string", "null" ] },
    "finished_at": { "type": [ "string", "null", "integer" ] },
    "hyperparameters": {
      "oneOf": [
        FineTuningJobHyperparameters,
        { "type": [ "null" ] }
      ]
    },
    "model": { "type": [ "string" ] },
    "object": { "enum": [ "fine_tuning.job" ] },
    "organization_id": { "type": [ "string", "null" ] },
    "result_files": {
      "type": [ "array", "null" ],
      "items": { "type": [ "string" ] }
    },
    "status": { "enum": [ "validating_files", "queued", "running", "succeeded", "failed", "cancelled", "pending", "paused", "resuming", "canceled", "created" ] },
    "trained_tokens": { "type": [ "integer", "null" ] },
    "training_file": { "type": [ "string" ] },
    "validation_file": { "type": [ "string", "null" ] },
    "integrations": {
      "type": [ "array", "null" ],
      "items": FineTuningIntegration
    },
    "seed": { "type": [ "integer", "null" ] },
    "estimated_finish": { "type": [ "string", "null", "integer" ] },
    "method": {
      "oneOf": [
        FineTuneMethod,
        { "type": [ "null" ] }
      ]
    },
    "metadata": {
      "oneOf": [
        Metadata,
        { "type": [ "null" ] }
      ]
    },
    "user_provided_suffix": {},
    "usage_metrics": {},
    "shared_with_openai": {},
    "eval_id": {},
    "updated_at": {}
  }
} as const;
