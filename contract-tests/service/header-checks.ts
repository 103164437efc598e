/** Checks of the headers that clients read. */
import type { UnnamedFinding } from "../spec/check.js";
import type { RecordedResponse } from "./exchange.js";
import { type ServiceCheck, withResponse } from "./witness.js";

const YEAR_S = 366 * 24 * 60 * 60;

/** For each header that clients read, what its value has to be, in words and as a test. */
const HEADERS: Record<string, readonly [words: string, isRight: (value: string, headers: Headers) => boolean]> = {
  "content-type": ["one media type", (value) => !value.replace(/"[^"]*"/g, "").includes(",")],
  "retry-after": [
    "a number of seconds or an HTTP date, less than a year away",
    (value, headers) => (/^\d+$/.test(value) ? Number(value) <= YEAR_S : isNear(value, headers)),
  ],
  "retry-after-ms": ["a number of milliseconds, less than a year", isMilliseconds],
  "x-ms-retry-after-ms": ["a number of milliseconds, less than a year", isMilliseconds],
  "apim-request-id": ["non-empty", (value) => /\S/.test(value)],
  "x-request-id": ["non-empty", (value) => /\S/.test(value)],
};

type Headers = RecordedResponse["headers"];

export const headerChecks = {
  headers: {
    description: "Headers that clients read have a value in the form that they need.",
    isAbout: ({ response: { headers } }) => Object.keys(HEADERS).some((name) => name in headers),
    *find({ response: { headers, repeatedHeaders = {} } }) {
      for (const [name, [words, isRight]] of Object.entries(HEADERS)) {
        const value = headers[name];
        if (value === undefined || Object.hasOwn(repeatedHeaders, name)) continue;
        if (!isRight(value, headers)) yield finding(name, `must be ${words}`);
      }
    },
    witness: (good) => withResponse(good, { headers: { ...good.response.headers, "retry-after": "soon" } }),
  },

  "repeated-headers": {
    description: "Headers that clients read come once: of two values, clients take different ones.",
    *find({ response: { repeatedHeaders = {} } }) {
      for (const [name, values] of Object.entries(repeatedHeaders))
        if (Object.hasOwn(HEADERS, name)) yield finding(name, `was sent ${values.length} times`);
    },
    witness: (good) => withResponse(good, { repeatedHeaders: { "retry-after": ["1", "2"] } }),
  },
} satisfies Record<string, ServiceCheck>;

function finding(name: string, problem: string): UnnamedFinding {
  return { pointer: "", message: `${name} ${problem}` };
}

function isMilliseconds(value: string): boolean {
  return /^\d+$/.test(value) && Number(value) <= YEAR_S * 1000;
}

/**
 * Whether a text is an HTTP date within a year of the response's own `date`. A recording may be old, so without a `date`
 * only a date that is still a year ahead is too far.
 */
function isNear(text: string, { date = "" }: Headers): boolean {
  const [time, sent] = [parseHttpDate(text), parseHttpDate(date)];
  const away = Number.isNaN(sent) ? time - Date.now() : Math.abs(time - sent);
  return away <= YEAR_S * 1000;
}

const DATE_FORMS = [
  // RFC 9110, section 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  // Sunday, 06-Nov-94 08:49:37 GMT
  /^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\d\d)-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/,
  // Sun Nov  6 08:49:37 1994
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} (?<day>[ \d]\d) \d\d:\d\d:\d\d \d{4}$/,
];

/** An HTTP date in Unix ms; NaN when the text is none. */
function parseHttpDate(text: string): number {
  const day = DATE_FORMS.map((form) => form.exec(text)?.groups?.day).find((each) => each !== undefined);
  const time = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  // Without a form there is no day; and one that the month does not have rolls over into the next month.
  return new Date(time).getUTCDate() === Number(day) ? time : Number.NaN;
}
