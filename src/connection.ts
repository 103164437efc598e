/** What a failed `fetch` says: whether a request may have left, and why it failed. */
import { OUTCOMES } from "./errors.js";
import { memberOf, messageOf } from "./text.js";

export interface Failure {
  /** Whether it is certain that no request was sent. */
  readonly notSent: boolean;
  /** Why it failed, in words, with the code in brackets where there is one. Not redacted. */
  readonly reason: string;
}

/**
 * Codes that come before a request is sent, whatever the system call. Any other failure may have come after: a reset, or
 * a `read` from a kept-alive connection that was lost. Observed on Node 20 to 26, whose `fetch` has them in its `cause`.
 */
const BEFORE_SENDING: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: "no connection within the time that fetch allows",
  UND_ERR_INVALID_ARG: "fetch refused its arguments",
  UND_ERR_PRX_TLS: "no TLS connection to the proxy",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another host",
  CERT_HAS_EXPIRED: "the certificate has expired",
  CERT_NOT_YET_VALID: "the certificate is not yet valid",
  CERT_REVOKED: "the certificate was revoked",
  CERT_UNTRUSTED: "the certificate is not trusted",
  CERT_REJECTED: "the certificate was rejected",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "a certificate in the chain is self-signed",
  UNABLE_TO_GET_ISSUER_CERT: "the certificate's issuer is not known",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate's issuer is not known",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate's issuer is not known",
};

/**
 * Codes that come before a request is sent where undici's `fetch` reports them, the one of Node. Any other client may report
 * them of a connection that has carried the request already.
 */
const BEFORE_SENDING_IN_UNDICI: Readonly<Record<string, string>> = {
  ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak TLS",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "the server does not speak TLS",
};

/** Messages that come before a request is sent, of errors that have no code, or one that has other causes too. */
const MESSAGES_BEFORE_SENDING: readonly (readonly [RegExp, string])[] = [
  [/^bad port$/, "fetch blocks this port"],
  [/^Failed to parse URL from /, "the URL is not valid"],
  [/^Client network socket disconnected before secure TLS connection was established$/, "no TLS connection"],
  [/^Proxy response \(\d+\) ?!== 200 when HTTP Tunneling$/, "the proxy refused the tunnel"],
];

/** Words for codes that say nothing about when the failure came. */
const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "connection refused",
  ConnectionRefused: "connection refused",
  ENOTFOUND: "host name not found",
  EAI_AGAIN: "host name could not be looked up",
  EHOSTUNREACH: "host not reachable",
  ENETUNREACH: "network not reachable",
  ECONNRESET: "connection reset",
  EPIPE: "connection closed",
  ETIMEDOUT: "connection timed out",
  UND_ERR_SOCKET: "connection closed",
  UND_ERR_HEADERS_TIMEOUT: "fetch gave up waiting for an answer",
  UND_ERR_BODY_TIMEOUT: "fetch gave up waiting for the body",
};

/** How many causes of causes are looked at. */
const DEPTH = 5;
/** No name has more addresses. */
const MOST_TRIES = 1_000;

/** Reads what `fetch` threw. Whatever that is, this doesn't throw. */
export function readFailure(thrown: unknown): Failure {
  try {
    return readLinks(thrown);
  } catch {
    // A proxy in place of a list of errors.
    return { notSent: false, reason: "no reason given" };
  }
}

function readLinks(thrown: unknown): Failure {
  const isOfUndici = messageOf(thrown) === "fetch failed";
  let link = thrown;
  for (let depth = 0; depth < DEPTH && typeof link === "object" && link !== null; depth++) {
    const message = messageOf(link);
    const proof = MESSAGES_BEFORE_SENDING.find(([form]) => form.test(message));
    if (proof) return { notSent: true, reason: `${proof[1]} (${message})` };
    // A name with several addresses: each was tried, and all must have failed before sending.
    const errors = memberOf(link, "errors");
    const tries: unknown[] =
      Array.isArray(errors) && errors.length > 0 && errors.length <= MOST_TRIES ? errors : [link];
    const coded = tries.find((each) => typeof memberOf(each, "code") === "string");
    // The first code decides: one beneath it may be of an earlier connection.
    if (coded !== undefined)
      return { notSent: tries.every((each) => isBeforeSending(each, isOfUndici)), reason: reasonOf(coded) };
    link = memberOf(link, "cause");
  }
  return { notSent: false, reason: uncodedReason(thrown) };
}

/**
 * Whether a thrown value is what a `fetch`, or a client like this one, throws when a request failed that may have left; or
 * what openapi-fetch throws when a middleware returned something else than its `Response`, which may be another package's.
 */
export function isRequestFailure(thrown: unknown): boolean {
  if (OUTCOMES.indexOf(memberOf(thrown, "outcome")) > 0 || /: must return new Re/.test(messageOf(thrown))) return true;
  if (readFailure(thrown).notSent) return false;
  const isOfFetch = memberOf(thrown, "cause") !== undefined || /fetch|network|load failed/i.test(messageOf(thrown));
  return memberOf(thrown, "code") !== undefined || (memberOf(thrown, "name") === "TypeError" && isOfFetch);
}

function isBeforeSending(error: unknown, isOfUndici: boolean): boolean {
  const code = memberOf(error, "code");
  if (typeof code !== "string") return false;
  if (Object.hasOwn(BEFORE_SENDING, code)) return true;
  if (Object.hasOwn(BEFORE_SENDING_IN_UNDICI, code)) return isOfUndici;
  const call = memberOf(error, "syscall");
  // Bun names no system call. Before 1.3.14 it sent a lost request again by itself, and reported that connection.
  if (call === undefined && /^(ConnectionRefused|ECONNREFUSED)$/.test(code)) return bunIsAtLeast(1, 3, 14);
  return typeof call === "string" && (call === "connect" || /^(getaddrinfo|query[A-Z]\w*)$/.test(call));
}

function bunIsAtLeast(...wanted: [number, number, number]): boolean {
  const version = memberOf(memberOf(globalThis, "Bun"), "version");
  if (typeof version !== "string") return false;
  const found = version.split(".").map((part) => Number.parseInt(part, 10));
  const difference = wanted.map((part, index) => (found[index] ?? 0) - part).find((each) => each !== 0) ?? 0;
  return difference >= 0;
}

function reasonOf(error: unknown): string {
  const code = memberOf(error, "code") as string;
  const words = [BEFORE_SENDING, BEFORE_SENDING_IN_UNDICI, WORDS].find((each) => Object.hasOwn(each, code))?.[code];
  return `${words ?? (messageOf(error) || "no reason given")} (${code})`;
}

function uncodedReason(thrown: unknown): string {
  const cause = memberOf(thrown, "cause");
  const message = cause === undefined ? messageOf(thrown) : messageOf(cause);
  // Browsers give a TypeError for every failure, and no cause: the network, or CORS.
  if (cause === undefined && isBrowser() && memberOf(thrown, "name") === "TypeError")
    return `${message || "no reason given"}; in a browser CORS may be the reason: does the service allow this origin and its headers?`;
  return message || "no reason given";
}

/** Whether this is a browser: all of them, and none of the servers' runtimes, call themselves Mozilla. */
export function isBrowser(): boolean {
  const agent = memberOf(memberOf(globalThis, "navigator"), "userAgent");
  return typeof agent === "string" && agent.startsWith("Mozilla/");
}
