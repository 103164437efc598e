/** Examples that contradict their own name, their status, or themselves. */
import type { Document, Example, ResponseObject } from "../../scripts/contract/document.js";
import { type Edit, type Mutant, type Node, type Path, put } from "./mutant.js";

const EXAMPLES = ["components", "examples"];

export function* exampleMutants(edit: Edit, { components, paths }: Document): Generator<Mutant<Document>> {
  for (const [path, item] of Object.entries(paths))
    for (const [method, { responses }] of Object.entries(item))
      for (const [status, { content }] of Object.entries(responses))
        yield* referenceFaults(edit, ["paths", path, method, "responses", status, "content"], content);
  const entries = Object.entries(components.examples);
  const jobs = entries.filter(([, example]) => example["x-status"] === undefined);
  const errors = entries.filter(([, example]) => example["x-status"] !== undefined);
  for (const [kind, named] of [
    ["job", jobs],
    ["error", errors],
  ] as const)
    for (const [index, [name, example]] of named.entries())
      for (const [other, { value }] of named.slice(index + 1)) {
        yield edit(EXAMPLES, `${kind}s swapped: ${name}, ${other}`, (node) => {
          Object.assign(node[name] as Node, { value });
          Object.assign(node[other] as Node, { value: example.value });
        });
      }
  for (const [index, [name, { "x-status": status }]] of errors.entries())
    for (const [other, { "x-status": otherStatus }] of errors.slice(index + 1))
      yield edit(EXAMPLES, `statuses swapped: ${name}, ${other}`, (node) => {
        Object.assign(node[name] as Node, { "x-status": otherStatus });
        Object.assign(node[other] as Node, { "x-status": status });
      });
  for (const [name, example] of errors) {
    yield edit([...EXAMPLES, name, "value", "error"], "error with another code", put("code", "418"));
    yield edit([...EXAMPLES, name], "error without a status", (node) => void delete node["x-status"]);
    yield edit([...EXAMPLES, name, "value"], "error without a code", put("error", { message: example.summary }));
  }
  for (const [name, example] of jobs)
    for (const [operator, change] of [...jobFaults(example), ...nameFaults(name, example)])
      yield edit([...EXAMPLES, name], operator, (node) => Object.assign(node.value as Node, structuredClone(change)));
  for (const [name] of jobs) yield edit([...EXAMPLES, name], "job with a status of its own", put("x-status", 404));
}

/** Two examples of a response, each under the name of the other. */
function* referenceFaults(edit: Edit, path: Path, content: ResponseObject["content"]): Generator<Mutant<Document>> {
  for (const [type, { examples = {} }] of Object.entries(content)) {
    const names = Object.keys(examples);
    for (const [index, name] of names.entries())
      for (const other of names.slice(index + 1))
        yield edit([...path, type, "examples"], `names swapped: ${name}, ${other}`, (node) =>
          Object.assign(node, { [name]: examples[other], [other]: examples[name] }),
        );
  }
}

const INTEGRATIONS = [{ type: "wandb", wandb: { project: "a" } }];

/** Members that contradict what the name says of when the job was cancelled, and what it is an example of. */
function* nameFaults(name: string, { value }: Example): Generator<[operator: string, change: object]> {
  if (name === "cancelledWhileQueued") {
    yield ["job that did not run, with tokens", { trained_tokens: 7 }];
    yield ["job that did not run, with results", { result_files: ["file-a"] }];
  }
  if (name === "cancelledWhileRunning") {
    yield ["job that ran, without tokens", { trained_tokens: null }];
    yield ["job that ran, without results", { result_files: [] }];
  }
  const isIntegrated = name === "cancelledWithIntegration";
  yield ["job with integrations, or without, unlike its name", { integrations: isIntegrated ? [] : INTEGRATIONS }];
  const { method } = value as { method?: { type: string } };
  if (method && method.type !== "supervised")
    yield ["job with hyperparameters that its method has not", { hyperparameters: { n_epochs: 3 } }];
}

const FAILURE = { code: "unknown", message: "It failed.", param: null };
const BRANCHES = { supervised: {}, dpo: {}, reinforcement: { grader: { type: "python" } } };

/** Members of a job that contradict each other, or the name of any example. */
function* jobFaults({ value }: Example): Generator<[operator: string, change: object]> {
  const job = value as { status: string; method?: { type: string } };
  for (const status of ["validating_files", "queued", "running"]) {
    yield [`job that is ${status}`, { status }];
    yield [`job that is ${status} and has ended`, { status, finished_at: "1763900100" }];
  }
  yield ["job that succeeded", { status: "succeeded", fine_tuned_model: "ft:a", error: null }];
  yield ["job that succeeded, without a model", { status: "succeeded", error: null }];
  yield ["job with the model of a success", { fine_tuned_model: "ft:a" }];
  if (job.status === "failed") yield ["job that failed, without an error", { error: null }];
  else yield ["job with an error, and no failure", { error: FAILURE }];
  for (const type of Object.keys(BRANCHES))
    for (const [branch, settings] of Object.entries(BRANCHES))
      if (branch !== type)
        yield [`job of the method ${type} with the branch ${branch}`, { method: { type, [branch]: settings } }];
  for (const type of Object.keys(BRANCHES))
    if (job.method && job.method.type !== type)
      yield ["job of another method", { method: { type, [type]: BRANCHES[type as keyof typeof BRANCHES] } }];
}
