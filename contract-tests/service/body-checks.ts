/** Checks of a body that no schema can express: how it is encoded, and what its values mean. */
import { encodingProblems, repeatedMembers } from "./body.js";
import { bodyOf, type RecordedResponse } from "./exchange.js";
import { type ServiceCheck, withResponse } from "./witness.js";

/** The members of a job that are a time. */
export const TIMES = ["created_at", "finished_at", "estimated_finish"];
/** In Unix seconds this is the year 5138; in milliseconds, 1973. */
const LATEST_S = 1e11;

function timesIn(response: RecordedResponse): [name: string, time: number][] {
  const job = bodyOf(response) as Record<string, unknown> | null | undefined;
  return TIMES.flatMap((name) => (Number.isInteger(job?.[name]) ? [[name, job?.[name] as number]] : []));
}

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
    isAbout: ({ response }) => bodyOf(response) !== undefined,
    *find({ response }) {
      for (const pointer of repeatedMembers(response.text)) yield { pointer, message: "comes twice in its object" };
    },
    witness: (good) => withResponse(good, { text: good.response.text.replace("{", '{"seed":1,') }),
  },

  times: {
    description: "A time given as a number is in Unix seconds: not negative, and not in milliseconds.",
    isAbout: ({ response }) => timesIn(response).length > 0,
    *find({ response }) {
      for (const [name, time] of timesIn(response)) {
        const fault =
          time < 0 ? "is negative" : time >= LATEST_S ? "is too large, as milliseconds would be" : undefined;
        if (fault) yield { pointer: `/${name}`, message: `${fault}; Unix seconds were expected` };
      }
    },
    witness: (good) =>
      withResponse(good, { text: good.response.text.replace(/"created_at":\d+/, '"created_at":1763900000000') }),
  },
} satisfies Record<string, ServiceCheck>;
