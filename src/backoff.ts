/** First wait of the exponential backoff, in ms. */
const BASE_MS = 800;
/** Longest wait that the backoff chooses of itself, in ms. */
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
export function retryAfterMs(headers: Headers): number | undefined {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const value = usable(parseNumber(headers.get(name)));
    if (value !== undefined) return value;
  }
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = parseNumber(value);
  return usable(seconds === undefined ? parseHttpDate(value) - Date.now() : seconds * 1000);
}

function usable(ms: number | undefined): number | undefined {
  return ms !== undefined && ms >= 0 && ms <= ABSURD_MS ? ms : undefined;
}

function parseNumber(value: string | null): number | undefined {
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
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
    let year = Number(parts.year);
    if (parts.year?.length === 2) {
      // RFC 9110: a year that seems more than 50 years in the future is the last one with those digits.
      const now = new Date().getUTCFullYear();
      year += now - (now % 100);
      if (year > now + 50) year -= 100;
    }
    const month = MONTHS.indexOf(parts.month as string);
    const [day, hour, minute, second] = [parts.day, parts.hour, parts.minute, parts.second].map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const time = Date.UTC(year, month, day, hour, minute, second);
    const back = new Date(time);
    // A day or an hour out of range would roll over; a leap second is the one exception.
    const real = back.getUTCDate() === day && back.getUTCHours() === hour && back.getUTCMinutes() === minute;
    return real || second === 60 ? time : Number.NaN;
  }
  return Number.NaN;
}
