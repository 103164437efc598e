/** Checks of what people read: examples and descriptions. */
import { responseExamples, type Schema } from "../../scripts/contract/document.js";
import { stepsOf } from "../../scripts/contract/json-pointer.js";
import { exampleProblems } from "../../scripts/contract/schemas.js";
import { admits } from "../tables/bodies.js";
import { exampleJobs, exampleStatuses, schemas } from "../tables/page.js";
import { broken, differences, type SpecCheck } from "./differences.js";

export const textChecks = {
  examples: {
    description: "Every example conforms and is used; each kind of job and each error status has one.",
    *find({ documented, accepted }) {
      for (const document of [documented, accepted]) yield* exampleProblems(document);
      const examples = [...responseExamples(documented)];
      const jobs = examples.filter(({ schema }) => schema === "FineTuningJob");
      const errors = examples.filter(({ schema }) => schema === "ErrorResponse");
      for (const { example, value, pointer } of jobs)
        if (!admits(schemas, "FineTuningJob", value))
          yield { pointer, message: `the example ${example} is not a job that the page admits` };
      const pointer = "/components/examples";
      const names = jobs.map(({ example }) => example);
      yield* differences(pointer, "examples of a job", names, exampleJobs);
      const statuses = errors.map(({ status }) => status);
      yield* differences(pointer, "statuses with an example", statuses, exampleStatuses);
      const used = examples.map((each) => stepsOf(each.pointer)[2]);
      yield* differences(pointer, "examples in use", used, Object.keys(documented.components.examples));
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
