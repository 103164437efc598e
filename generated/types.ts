// Made by scripts/generate.ts from openapi.yaml and observed.overlay.yaml. Do not edit: run `npm run generate`.

export interface paths {
    "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a fine-tuning job
         * @description Cancels the job and answers with the job in its updated state. The request has no body.
         */
        post: operations["cancelFineTuningJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A fine-tuning job as the service sees it at the moment of the answer. */
        FineTuningJob: {
            /** @description The id of the job, by which the API's endpoints know it. */
            id: string;
            /** @description When the job was created, in Unix seconds. */
            created_at: number;
            /** @description Why the job failed; null when the job has not failed. */
            error?: components["schemas"]["FineTuningJobError"] | null;
            /** @description The name of the model that the job made; null while there is none. */
            fine_tuned_model?: string | null;
            /** @description When the job finished; null while it has not, and on some cancelled and failed jobs too. Services send Unix seconds as an integer; the page says string. */
            finished_at?: string | null | number;
            /** @description The hyperparameters of a supervised job. The page says that the value is only returned for supervised jobs, and marks the member as required all the same. */
            hyperparameters?: components["schemas"]["FineTuningJobHyperparameters"] | null;
            /** @description The base model that is being fine-tuned. */
            model: string;
            /**
             * @description The kind of this object.
             * @enum {string}
             */
            object: "fine_tuning.job";
            /** @description The id of the organization that owns the job. */
            organization_id?: string | null;
            /** @description The ids of the files with the job's results; their contents come from the Files API. */
            result_files?: string[] | null;
            /**
             * @description Where the job stands.
             * @enum {string}
             */
            status: "validating_files" | "queued" | "running" | "succeeded" | "failed" | "cancelled" | "pending" | "paused" | "resuming" | "canceled" | "created";
            /** @description How many tokens the job was billed for; null while that is not known. */
            trained_tokens?: number | null;
            /** @description The id of the file with the training data; its contents come from the Files API. */
            training_file: string;
            /** @description The id of the file with the validation data; null when the job has none. */
            validation_file?: string | null;
            /** @description The services that the job reports to; null or empty when there are none. */
            integrations?: components["schemas"]["FineTuningIntegration"][] | null;
            /** @description The seed of the job's random choices. */
            seed?: number | null;
            /** @description When the job is expected to finish; null when no estimate is given. Services send Unix seconds as an integer; the page says string. */
            estimated_finish?: string | null | number;
            /** @description The method of fine-tuning and its configuration. */
            method?: components["schemas"]["FineTuneMethod"] | null;
            /** @description Pairs that the creator of the job attached to it; null when there are none. */
            metadata?: components["schemas"]["Metadata"] | null;
            /** @description Not documented; seen in published bodies. */
            user_provided_suffix?: unknown;
            /** @description Not documented; seen in published bodies. */
            usage_metrics?: unknown;
            /** @description Not documented; seen in published bodies. */
            shared_with_openai?: unknown;
            /** @description Not documented; seen in published bodies. */
            eval_id?: unknown;
            /** @description Not documented; seen in published bodies. */
            updated_at?: unknown;
        };
        /** @description Why a job failed. */
        FineTuningJobError: {
            /** @description A code that a program can tell failures apart by. */
            code?: string | null;
            /** @description The reason in words, for a person. */
            message?: string | null;
            /** @description The parameter of the job that was at fault; null when no single one was. */
            param?: string | null;
            /** @description Not documented; seen as null beside a null code, message and param. */
            error?: unknown;
        };
        /** @description The hyperparameters of a supervised job. The service chooses where a value is `auto`. */
        FineTuningJobHyperparameters: {
            /** @description Examples in each batch. May be null here, and only here. */
            batch_size?: components["schemas"]["AutoOrInteger"] | null;
            /** @description Factor on the learning rate. */
            learning_rate_multiplier?: components["schemas"]["AutoOrNumber"];
            /** @description How many times the job passes over the training data. */
            n_epochs?: components["schemas"]["AutoOrInteger"];
        };
        /** @description A service that the job reports to. */
        FineTuningIntegration: {
            /**
             * @description Which service.
             * @enum {string}
             */
            type: "wandb";
            /** @description Where in Weights and Biases the job reports to. */
            wandb: components["schemas"]["FineTuningIntegrationWandb"];
        };
        /** @description A run in Weights and Biases. */
        FineTuningIntegrationWandb: {
            /** @description The project in which the run is made. */
            project: string;
            /** @description The display name of the run; null when none was given. */
            name?: string | null;
            /** @description The team or user that owns the run; null when none was given. */
            entity?: string | null;
            /** @description Tags of the run. */
            tags?: string[] | null;
            /** @description Not documented; seen in wandb integrations. */
            run_id?: unknown;
        };
        /** @description The method of fine-tuning; the member named by `type` holds its configuration. */
        FineTuneMethod: {
            /**
             * @description Which method.
             * @enum {string}
             */
            type: "supervised" | "dpo" | "reinforcement";
            /** @description Configuration of the supervised method. */
            supervised?: components["schemas"]["FineTuneSupervisedMethod"] | null;
            /** @description Configuration of the DPO method (direct preference optimization). */
            dpo?: components["schemas"]["FineTuneDPOMethod"] | null;
            /** @description Configuration of the reinforcement method. */
            reinforcement?: components["schemas"]["FineTuneReinforcementMethod"] | null;
        };
        /** @description Configuration of the supervised method. */
        FineTuneSupervisedMethod: {
            /** @description The hyperparameters of the method. */
            hyperparameters?: components["schemas"]["FineTuneSupervisedHyperparameters"];
        };
        /** @description Hyperparameters of the supervised method. The service chooses where a value is `auto`. */
        FineTuneSupervisedHyperparameters: {
            /** @description Examples in each batch. */
            batch_size?: components["schemas"]["AutoOrInteger"];
            /** @description Factor on the learning rate. */
            learning_rate_multiplier?: components["schemas"]["AutoOrNumber"];
            /** @description How many times the job passes over the training data. */
            n_epochs?: components["schemas"]["AutoOrInteger"];
        };
        /** @description Configuration of the DPO method (direct preference optimization). */
        FineTuneDPOMethod: {
            /** @description The hyperparameters of the method. */
            hyperparameters?: components["schemas"]["FineTuneDPOHyperparameters"];
        };
        /** @description Hyperparameters of the DPO method. The service chooses where a value is `auto`. */
        FineTuneDPOHyperparameters: {
            /** @description Weight of the penalty that holds the trained model close to the base model. */
            beta?: components["schemas"]["AutoOrNumber"];
            /** @description Examples in each batch. */
            batch_size?: components["schemas"]["AutoOrInteger"];
            /** @description Factor on the learning rate. */
            learning_rate_multiplier?: components["schemas"]["AutoOrNumber"];
            /** @description How many times the job passes over the training data. */
            n_epochs?: components["schemas"]["AutoOrInteger"];
        };
        /** @description Configuration of the reinforcement method. */
        FineTuneReinforcementMethod: {
            /** @description What scores the model's answers. */
            grader: components["schemas"]["FineTuneGrader"];
            /** @description The hyperparameters of the method. */
            hyperparameters?: components["schemas"]["FineTuneReinforcementHyperparameters"];
            /** @description The format that the model's answers must have; null when none was set. A member of Azure's alone. */
            response_format?: {
                [key: string]: unknown;
            } | null;
        };
        /** @description What scores the model's answers. Its other members depend on its type and are not described here. */
        FineTuneGrader: {
            /**
             * @description Which kind of grader.
             * @enum {string}
             */
            type: "string_check" | "text_similarity" | "python" | "score_model" | "multi";
        };
        /** @description Hyperparameters of the reinforcement method. The service chooses where a value is `auto`. */
        FineTuneReinforcementHyperparameters: {
            /** @description Examples in each batch. */
            batch_size?: components["schemas"]["AutoOrInteger"];
            /** @description Factor on the learning rate. */
            learning_rate_multiplier?: components["schemas"]["AutoOrNumber"];
            /** @description How many times the job passes over the training data. */
            n_epochs?: components["schemas"]["AutoOrInteger"];
            /**
             * @description How much the model reasons before it answers.
             * @enum {string}
             */
            reasoning_effort?: "default" | "low" | "medium" | "high";
            /** @description Factor on the compute that is spent exploring answers. */
            compute_multiplier?: components["schemas"]["AutoOrNumber"];
            /** @description Training steps between two evaluations. */
            eval_interval?: components["schemas"]["AutoOrInteger"];
            /** @description Evaluation samples drawn at each evaluation. */
            eval_samples?: components["schemas"]["AutoOrInteger"];
        };
        /** @description An integer, or `auto`, with which the service chooses. */
        AutoOrInteger: "auto" | number;
        /** @description A number, or `auto`, with which the service chooses. */
        AutoOrNumber: "auto" | number;
        /** @description At most 16 pairs; keys have up to 64 characters, values up to 512. */
        Metadata: {
            [key: string]: string;
        };
        /** @description The body of a failure. */
        ErrorResponse: {
            /** @description What went wrong. */
            error?: components["schemas"]["ErrorDetail"] | string;
            /** @description Not documented; the HTTP status again. */
            statusCode?: unknown;
            /** @description Not documented; the reason in words. */
            message?: unknown;
            /** @description Not documented; the reason. */
            detail?: unknown;
        };
        /** @description What went wrong. Every member is optional. */
        ErrorDetail: {
            /** @description A code that a program can tell failures apart by. Often the HTTP status, as a string. */
            code?: string | number | null;
            /** @description The reason in words, for a person. */
            message?: string;
            /** @description The parameter that was at fault. */
            param?: string | null;
            /** @description The kind of failure. */
            type?: string;
            /** @description More about the failure; its members are not described. */
            inner_error?: {
                [key: string]: unknown;
            };
            /** @description Not documented; another spelling of `inner_error`. */
            innererror?: unknown;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /**
         * @description The id by which Azure's diagnostics know the call. Name it in a support request.
         * @example 1f6b1c1e-6a52-4b0e-9a52-6d6a3c1c2f10
         */
        ApimRequestId: string;
        /**
         * @description Another id of the call; differs from `apim-request-id`.
         * @example 0a9d2f0c-2f4f-4c38-8f0a-3f6f6a0f4f11
         */
        RequestId: string;
        /**
         * @description When to try again, in seconds from now or as an HTTP date.
         * @example 1
         */
        RetryAfter: string;
        /**
         * @description When to try again, in milliseconds from now.
         * @example 1000
         */
        RetryAfterMs: string;
    };
    pathItems: never;
}
export type FineTuningJob = components['schemas']['FineTuningJob'];
export type FineTuningJobError = components['schemas']['FineTuningJobError'];
export type FineTuningJobHyperparameters = components['schemas']['FineTuningJobHyperparameters'];
export type FineTuningIntegration = components['schemas']['FineTuningIntegration'];
export type FineTuningIntegrationWandb = components['schemas']['FineTuningIntegrationWandb'];
export type FineTuneMethod = components['schemas']['FineTuneMethod'];
export type FineTuneSupervisedMethod = components['schemas']['FineTuneSupervisedMethod'];
export type FineTuneSupervisedHyperparameters = components['schemas']['FineTuneSupervisedHyperparameters'];
export type FineTuneDPOMethod = components['schemas']['FineTuneDPOMethod'];
export type FineTuneDPOHyperparameters = components['schemas']['FineTuneDPOHyperparameters'];
export type FineTuneReinforcementMethod = components['schemas']['FineTuneReinforcementMethod'];
export type FineTuneGrader = components['schemas']['FineTuneGrader'];
export type FineTuneReinforcementHyperparameters = components['schemas']['FineTuneReinforcementHyperparameters'];
export type AutoOrInteger = components['schemas']['AutoOrInteger'];
export type AutoOrNumber = components['schemas']['AutoOrNumber'];
export type Metadata = components['schemas']['Metadata'];
export type ErrorResponse = components['schemas']['ErrorResponse'];
export type ErrorDetail = components['schemas']['ErrorDetail'];
export type HeaderApimRequestId = components['headers']['ApimRequestId'];
export type HeaderRequestId = components['headers']['RequestId'];
export type HeaderRetryAfter = components['headers']['RetryAfter'];
export type HeaderRetryAfterMs = components['headers']['RetryAfterMs'];
export type $defs = Record<string, never>;
export interface operations {
    cancelFineTuningJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The id of the job to cancel.
                 * @example ftjob-abc123
                 */
                fine_tuning_job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job in its updated state. */
            200: {
                headers: {
                    "apim-request-id": components["headers"]["ApimRequestId"];
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FineTuningJob"];
                };
            };
            /** @description No credential, or a wrong one. Front ends answer in plain text, or without a body. */
            401: {
                headers: {
                    "apim-request-id": components["headers"]["ApimRequestId"];
                    "x-request-id": components["headers"]["RequestId"];
                    "retry-after": components["headers"]["RetryAfter"];
                    "retry-after-ms": components["headers"]["RetryAfterMs"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                    "text/plain": string;
                };
            };
            /** @description The method is not allowed. Front ends answer without a body. */
            405: {
                headers: {
                    "apim-request-id": components["headers"]["ApimRequestId"];
                    "x-request-id": components["headers"]["RequestId"];
                    "retry-after": components["headers"]["RetryAfter"];
                    "retry-after-ms": components["headers"]["RetryAfterMs"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                    "text/plain": string;
                };
            };
            /** @description A front end got no answer from the service, and answers with an HTML page. */
            502: {
                headers: {
                    "apim-request-id": components["headers"]["ApimRequestId"];
                    "x-request-id": components["headers"]["RequestId"];
                    "retry-after": components["headers"]["RetryAfter"];
                    "retry-after-ms": components["headers"]["RetryAfterMs"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                    "text/html": string;
                };
            };
            /** @description Any failure. The page documents no failing status; Azure's published API description gives all of them this one body. */
            default: {
                headers: {
                    "apim-request-id": components["headers"]["ApimRequestId"];
                    "x-request-id": components["headers"]["RequestId"];
                    "retry-after": components["headers"]["RetryAfter"];
                    "retry-after-ms": components["headers"]["RetryAfterMs"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorResponse"];
                };
            };
        };
    };
}
