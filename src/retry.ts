/** When an attempt is followed by another, and after how long. */

/** Whether a status is worth another attempt: 408, 429, and 5xx other than 501 and 505, which another attempt can't change. */
export function isRetriedStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status < 600 && status !== 501 && status !== 505);
}

/** First wait of the exponential backoff, in ms. */
const BASE_MS = 800;
/** Longest wait of the backoff, in ms; a service may ask for a longer one. */
const CAP_MS = 8_000;
/** A service that asks for more than a year is taken to have sent nonsense. */
const ABSURD_MS = 366 * 24 * 60 * 60 * 1000;

/**
 * How long to wait after the given failed attempt (1 for the first), in ms: exponential with equal jitter, so at least
 * half of 0.8 s, 1.6 s, 3.2 s, 6.4 s, then 8 s.
 */
export function backoffMs(attempt: number): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  return ceiling / 2 + (Math.random() * ceiling) / 2;
}

/**
 * How long the service asks to wait, in ms: `retry-after-ms`, `x-ms-retry-after-ms`, then `retry-after` (RFC 9110,
 * section 10.2.3: seconds, or a date in one of three forms). `undefined` when it asks for nothing that can be used:
 * no such header, not a number, a date in the past, or more than a year.
 */
export function retryAfterMs(header: (name: string) => string | undefined): number | undefined {
  const read = (name: string) => header(name) ?? "";
  return (
    usable(parseNumber(read("retry-after-ms"))) ??
    usable(parseNumber(read("x-ms-retry-after-ms"))) ??
    usable(parseNumber(read("retry-after")) * 1000) ??
    usable(parseHttpDate(read("retry-after")) - Date.now())
  );
}

function usable(ms: number): number | undefined {
  return ms >= 0 && ms <= ABSURD_MS ? ms : undefined;
}

/** A number as a header has it; NaN when the text is none. */
function parseNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const MONTH = `(?<month>${MONTHS.join("|")})`;
const HTTP_DATES = [
  // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
  new RegExp(String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} GMT$`),
  // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
  new RegExp(String.raw`^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} GMT$`),
  // asctime: Sun Nov  6 08:49:37 1994
  new RegExp(String.raw`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${MONTH} (?<day>[ \d]\d) ${TIME} (?<year>\d{4})$`),
];

/** An HTTP date (RFC 9110, section 5.6.7) in Unix ms; NaN when the text is none. */
function parseHttpDate(text: string): number {
  for (const form of HTTP_DATES) {
    const parts = form.exec(text)?.groups;
    if (!parts) continue;
    const { year, month, day, hour, minute, second } = parts as Record<
      "year" | "month" | "day" | "hour" | "minute" | "second",
      string
    >;
    // Two digits are a year of this century: in another, the date would be too far away to be used.
    const century = year.length === 2 ? String(new Date().getUTCFullYear()).slice(0, 2) : "";
    const start = new Date(
      Date.UTC(Number(century + year), MONTHS.indexOf(month), Number(day), Number(hour), Number(minute)),
    );
    // What is out of range has rolled over into the next hour or day. A minute may have a leap second.
    const real = start.getUTCDate() === Number(day) && start.getUTCMinutes() === Number(minute);
    return real && Number(second) <= 60 ? start.getTime() + Number(second) * 1000 : Number.NaN;
  }
  return Number.NaN;
}
