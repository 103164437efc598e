/** Checks of what people read: examples and descriptions. */
import { componentName, jsonResponses, responseExamples, type Schema } from "../../scripts/contract/document.js";
import { exampleProblems } from "../../scripts/contract/schemas.js";
import { exampleErrors, exampleJobs } from "../tables/page.js";
import { broken, differences, type SpecCheck } from "./differences.js";

export const textChecks = {
  examples: {
    description:
      "Every example conforms and is used, under its own name; each kind of job and each error status has one.",
    *find({ documented, accepted }) {
      const pointer = "/components/examples";
      const used = [...jsonResponses(documented)].flatMap(({ media }) => Object.values(media.examples ?? {}));
      const names = used.map(({ $ref }) => componentName($ref));
      yield* differences(pointer, "examples", Object.keys(documented.components.examples), [
        ...Object.keys(exampleJobs),
        ...Object.keys(exampleErrors),
      ]);
      yield* differences("/paths", "examples in use", names, Object.keys(documented.components.examples));
      if (names.some((name) => !documented.components.examples[name])) return;
      for (const document of [documented, accepted]) yield* exampleProblems(document);
      for (const each of responseExamples(documented)) {
        const pointer = each.pointer.replace(/\/value$/, "");
        for (const message of contradictions(each)) yield { pointer, message };
        if (!pointer.endsWith(`/${each.example}`))
          yield { pointer: "/paths", message: `${pointer} has the name of another example, ${each.example}` };
      }
    },
    witness: broken(({ documented }) =>
      Object.assign(documented.components.examples.cancelledDpo as object, { value: {} }),
    ),
  },

  descriptions: {
    description: "Every schema and every member has a description.",
    *find({ documented, accepted }) {
      const message = "has no description";
      for (const document of [documented, accepted]) {
        for (const [name, schema] of Object.entries(document.components.schemas)) {
          if (!schema.description?.trim()) yield { pointer: `/components/schemas/${name}`, message };
          for (const [member, { description }] of Object.entries<Schema>(schema.properties ?? {}))
            if (!description?.trim()) yield { pointer: `/components/schemas/${name}/properties/${member}`, message };
        }
      }
    },
    witness: broken(({ documented }) => delete documented.components.schemas.FineTuningJob?.properties.id.description),
  },
} satisfies Record<string, SpecCheck>;

type NamedExample = ReturnType<typeof responseExamples> extends Iterable<infer Each> ? Each : never;

/** What an example says that its name, its status or another part of it denies. */
function contradictions({ example, schema, status, value }: NamedExample): string[] {
  const facts = schema === "FineTuningJob" ? factsOfJob(example, status, value) : factsOfError(example, status, value);
  return Object.entries(facts)
    .filter(([, holds]) => !holds)
    .map(([fact]) => `the example ${example} must ${fact}`);
}

type Facts = Record<string, boolean>;

function factsOfError(example: string, status: number, value: unknown): Facts {
  const [expected, code = String(expected)] = exampleErrors[example] ?? [];
  const { error } = value as { error?: { code?: unknown } };
  return { [`have the status ${expected}`]: status === expected, [`have the code ${code}`]: error?.code === code };
}

function factsOfJob(example: string, httpStatus: number, value: unknown): Facts {
  const { status, ran, method, integrated } = exampleJobs[example] ?? {};
  const job = value as Record<string, unknown> & { method?: Record<string, unknown> };
  const methods = Object.keys(job.method ?? {}).filter((name) => name !== "type");
  const chosen = Object.values((job.hyperparameters ?? {}) as object).some((each) => each !== null);
  return {
    "be an answer with 200": httpStatus === 200,
    [`be ${status}`]: job.status === status,
    "have an error if it failed, and else none": (job.error !== null) === (job.status === "failed"),
    "have no model, as no example succeeded": job.fine_tuned_model === null,
    "have only the branch of its method": methods.join() === String(job.method?.type ?? ""),
    [`have the method ${method}`]: method === undefined || job.method?.type === method,
    "choose hyperparameters of its own only if it is supervised": !chosen || isSupervised(job.method?.type),
    [`have ${ran ? "" : "no "}trained tokens`]: ran === undefined || (job.trained_tokens !== null) === ran,
    [`have ${ran ? "" : "no "}result files`]: ran === undefined || (job.result_files as unknown[])?.length > 0 === ran,
    "have an integration if its name says so, and else none":
      ((job.integrations as unknown[] | undefined)?.length ?? 0) > 0 === Boolean(integrated),
  };
}

const isSupervised = (method: unknown) => method === undefined || method === "supervised";
