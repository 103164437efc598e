// Test code that calls the client, without a service: node examples/testing.js
import assert from "node:assert/strict";
import { test } from "node:test";
import { createFineTuningClient, FineTuningClientError, isCancelled } from "fine-tuning-client";
import { answers, createMockService } from "fine-tuning-client/testing";

/**
 * The code under test: cancels a job, and says what is known of it.
 *
 * @param {import("fine-tuning-client").FineTuningClient} client
 * @param {string} jobId
 */
async function stop(client, jobId) {
  try {
    const job = await client.cancel(jobId);
    return isCancelled(job) ? "is cancelled" : `is ${job.status}`;
  } catch (error) {
    if (!(error instanceof FineTuningClientError)) throw error;
    const mayBeCancelled = error.outcome === "unknown" || error.outcome === "accepted";
    return mayBeCancelled ? "may be cancelled" : "was not cancelled by this call";
  }
}

/** @type {[string, import("fine-tuning-client/testing").Answer[]][]} */
const scripts = [
  ["is cancelled", [answers.job()]],
  ["is cancelled", [answers.rateLimited(), answers.job()]],
  ["is cancelled", [answers.drift()]],
  ["is running", [answers.job({ status: "running" })]],
  ["may be cancelled", [answers.connectionReset()]],
  ["may be cancelled", [answers.stall(), answers.apiError(409)]],
  ["may be cancelled", [answers.brokenBody()]],
  ["was not cancelled by this call", [answers.connectionRefused()]],
  ["was not cancelled by this call", [answers.apiError(404)]],
];
for (const [index, [expected, script]] of scripts.entries()) {
  test(`script ${index + 1}: the job ${expected}`, async () => {
    const service = createMockService({ jobs: { "ftjob-1": script } });
    assert.equal(await stop(createFineTuningClient(service.clientOptions), "ftjob-1"), expected);
  });
}
