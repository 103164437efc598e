/** Checks of a body that no schema can express: how it is encoded, and what its values mean. */
import { encodingProblems, repeatedMembers } from "./body.js";
import { bodyOf } from "./exchange.js";
import { type ServiceCheck, withResponse } from "./witness.js";

const isInteger = (value: unknown): value is number => Number.isInteger(value);

/** The members of a job that are a time. */
export const TIMES = ["created_at", "finished_at", "estimated_finish"];
/** In Unix seconds this is the year 5138; in milliseconds, 1973. */
const LATEST_S = 1e11;

export const bodyChecks = {
  encoding: {
    description: "JSON comes as UTF-8 without a byte order mark, and is compressed only as its headers say.",
    *find({ response }) {
      for (const problem of encodingProblems(response)) yield { pointer: "", message: `the body ${problem}` };
    },
    witness: (good) =>
      withResponse(good, { headers: { ...good.response.headers, "content-type": "application/json; charset=latin1" } }),
  },

  "unique-members": {
    description: "No object in a body has two members with the same name: parsers differ in which one they keep.",
    *find({ response }) {
      if (bodyOf(response) === undefined) return;
      for (const pointer of repeatedMembers(response.text)) yield { pointer, message: "comes twice in its object" };
    },
    witness: (good) => withResponse(good, { text: good.response.text.replace("{", '{"seed":1,') }),
  },

  times: {
    description: "A time given as a number is in Unix seconds: not negative, and not in milliseconds.",
    *find({ response }) {
      const job = bodyOf(response) as Record<string, unknown> | null | undefined;
      for (const name of TIMES) {
        const time = job?.[name];
        if (!isInteger(time)) continue;
        const fault =
          time < 0 ? "is negative" : time >= LATEST_S ? "is too large, as milliseconds would be" : undefined;
        if (fault) yield { pointer: `/${name}`, message: `${fault}; Unix seconds were expected` };
      }
    },
    witness: (good) =>
      withResponse(good, { text: good.response.text.replace(/"created_at":\d+/, '"created_at":1763900000000') }),
  },
} satisfies Record<string, ServiceCheck>;
