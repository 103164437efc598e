/** The worst answers: jobs with the most violations that their size allows, and every other way to an error. */

const JOB =
  '"id":"ftjob-1","created_at":1,"model":"m","object":"fine_tuning.job","status":"queued","training_file":"f"';
export const API_KEY = "a-key-for-the-benchmark";

/** `before`, then as many items as `bytes` has room for, with commas between, then `after`. */
function filled(bytes: number, before: string, item: (index: number) => string, after: string): string {
  const items: string[] = [];
  let room = bytes - before.length - after.length;
  for (let index = 0; room > item(index).length; index++) {
    items.push(item(index));
    room -= item(index).length + 1;
  }
  return before + items.join(",") + after;
}

function nested(bytes: number, before: string, open: string, close: string, after: string): string {
  const levels = Math.floor((bytes - before.length - after.length - 1) / (open.length + close.length));
  return `${before}${open.repeat(levels)}0${close.repeat(levels)}${after}`;
}

function repeated(bytes: number, before: string, unit: string, after: string): string {
  return before + unit.repeat(Math.floor((bytes - before.length - after.length) / Buffer.byteLength(unit))) + after;
}

const numbered = (index: number, length = 0) => `"${String(index).padStart(length, "k")}"`;

/** For each way to make validation work, a job of at most `bytes` bytes, as JSON. */
function hostileJobs(bytes: number): Record<string, string> {
  const list = (before: string, item: (index: number) => string, after: string) =>
    filled(bytes, `{${JOB},${before}`, item, `${after}}`);
  const deep = (before: string, open: string, close: string, after = "") =>
    nested(bytes, `{${JOB},${before}`, open, close, `${after}}`);
  const long = (before: string, unit: string, after: string) => repeated(bytes, `{${JOB},${before}`, unit, `${after}}`);
  return {
    "a list of the wrong type": list('"result_files":[', () => "0", "]"),
    "missing members": list('"integrations":[', () => "{}", "]"),
    "values in no enum": list('"integrations":[', () => '{"type":0,"wandb":0}', "]"),
    "lists in lists of the wrong type": list('"integrations":[', () => '{"wandb":{"tags":[0,0,0,0]}}', "]"),
    "names that are too long": list('"metadata":{', (index) => `${numbered(index, 65)}:""`, "}"),
    "values of the wrong type": list('"metadata":{', (index) => `${numbered(index)}:0`, "}"),
    "values that are too long": list('"metadata":{', (index) => `${numbered(index)}:"${"v".repeat(513)}"`, "}"),
    "many unknown members": list("", (index) => `${numbered(index, 1)}:0`, ""),
    "deep nesting in an unknown member": deep('"unknown":', '{"x":', "}"),
    "deep nesting in metadata": deep('"metadata":{"x":', "[", "]", "}"),
    "deep nesting in a list": deep('"integrations":[', "[", "]", "]"),
    "a long name in metadata": long('"metadata":{"', "~", '":0}'),
    "a long name of an unknown member": long('"', "k", '":0'),
    "a long value in metadata": long('"metadata":{"k":"', "𝒳", '"}'),
  };
}

/** Jobs that no rule of the contract forbids. */
const LAWFUL = new Set([
  "many unknown members",
  "deep nesting in an unknown member",
  "a long name of an unknown member",
]);

/** An answer, and the error that it ends in. */
export interface HostileAnswer {
  /** The name of the error; `none` for an answer that is only laborious. */
  readonly error: "ApiError" | "ConnectionError" | "ContractViolationError" | "ResponseError" | "none";
  readonly status: number;
  readonly text: string;
  /** Whether the connection breaks after the text. */
  readonly breaks?: true;
  /** Whether the client reads only half of it. */
  readonly tooLarge?: true;
  /** Whether its text is a job, so that it is validated. */
  readonly isJob?: true;
}

/** For each way to an error, an answer with a body of at most `bytes` bytes. */
export function hostileAnswers(bytes: number): Record<string, HostileAnswer> {
  const jobs = Object.entries(hostileJobs(bytes)).map(([what, text]): [string, HostileAnswer] => {
    const error = LAWFUL.has(what) ? "none" : "ContractViolationError";
    return [what, { error, status: 200, text, isJob: true }];
  });
  return { ...Object.fromEntries(jobs), ...otherAnswers(bytes) };
}

function otherAnswers(bytes: number): Record<string, HostileAnswer> {
  const refusal = (text: string): HostileAnswer => ({ error: "ApiError", status: 400, text });
  const noJob = (text: string): HostileAnswer => ({ error: "ResponseError", status: 200, text });
  const message = (unit: string) => refusal(repeated(bytes, '{"error":{"message":"', unit, '"}}'));
  const aJob = filled(bytes, `{${JOB},"result_files":[`, () => "0", "]}");
  return {
    "400, many members": refusal(filled(bytes, "{", (index) => `${numbered(index)}:0`, "}")),
    "400, many details": refusal(filled(bytes, '{"detail":[', () => '{"msg":"m"}', "]}")),
    "400, a long message": message("m"),
    "400, the key in the message, again and again": message(`${API_KEY} `),
    "400, the key without its end, again and again": message(`${API_KEY.slice(0, -1)} `),
    "400, control characters": message("\\u0001"),
    "400, deep nesting": refusal(nested(bytes, '{"error":', '{"error":', "}", "}")),
    "400, deep nesting without an end": refusal(repeated(bytes, "", "[", "")),
    "400, HTML that opens tags": refusal(repeated(bytes, "", "<", "")),
    "400, HTML that opens titles": refusal(repeated(bytes, "", "<title", "")),
    "400, HTML that opens scripts": refusal(repeated(bytes, "", "<script>", "")),
    "503, many members": { ...refusal(filled(bytes, "{", (index) => `${numbered(index)}:0`, "}")), status: 503 },
    "200, HTML": noJob(repeated(bytes, "<html>", "<p>text</p>", "")),
    "200, white space": noJob(repeated(bytes, "", " ", "")),
    "200, an error body": noJob(repeated(bytes, '{"error":{"message":"', "m", '"}}')),
    "200, a list": noJob(filled(bytes, "[", () => "0", "]")),
    "200, JSON that stops in a long id": noJob(repeated(bytes, '{"id":"', "\\\\", "")),
    "200, JSON that stops before an id": noJob(repeated(bytes, "{", '"id" ', "")),
    "200, a job too large to read": { ...noJob(aJob), tooLarge: true },
    "200, a job, and the connection breaks": { error: "ConnectionError", status: 200, text: aJob, breaks: true },
    "200, another job, in strict validation": {
      error: "ContractViolationError",
      status: 200,
      text: aJob.replace("ftjob-1", "ftjob-2"),
      isJob: true,
    },
  };
}
