/** Rules on endpoints and credentials, for the client and for the commands. */
import { ConfigurationError } from "./errors.js";

/** The operation's path, below the endpoint. */
export const CANCEL_PATH = "/openai/v1/fine_tuning/jobs/{fine_tuning_job_id}/cancel";

const EXAMPLE = "https://my-resource.openai.azure.com";

/**
 * Checks an endpoint and takes off a trailing slash, `/openai` and `/openai/v1`: what is left is an origin, or an origin
 * with a gateway's base path. `name` is what messages call it, `advice` ends the one about http; the text itself is in
 * none, because it may hold a credential. Throws {@link ConfigurationError}.
 */
export function checkEndpoint(
  text: unknown,
  name: string,
  { allowInsecureConnection = false, advice = "" }: { allowInsecureConnection?: boolean; advice?: string } = {},
): string {
  const fail = (problem: string): never => {
    throw new ConfigurationError(`${name} ${problem}`);
  };
  if (typeof text !== "string") return fail("must be a string.");
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return fail(`is not a URL. It looks like ${EXAMPLE}.`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") fail("must start with https://.");
  if (url.username !== "" || url.password !== "") fail("must have no user name and no password.");
  if (/[?#]/.test(text)) fail("must have no query and no fragment.");
  if (url.protocol === "http:" && !allowInsecureConnection && !isLoopback(url.hostname)) {
    fail(`must start with https://: over http the credential crosses the network in the clear.${advice}`);
  }
  return url.origin + checkBasePath(text, url.pathname, fail);
}

function checkBasePath(text: string, pathname: string, fail: (problem: string) => never): string {
  // The URL parser drops line breaks and resolves dots, so dots are looked for in the text.
  if (/%2f|%5c|\\|\/(?:\.|%2e){1,2}(?:\/|$)/i.test(text.replace(/[\t\r\n]/g, "").trim()))
    fail("must have no dot segment, no backslash and no encoded slash in its path.");
  const base = pathname
    .replace(/\/+$/, "")
    .replace(/\/openai(?:\/+v1)?$/, "")
    .replace(/\/+$/, "");
  if (/\/openai(?:\/|$)/.test(base)) fail(`must have no path beyond /openai/v1. It looks like ${EXAMPLE}.`);
  if (base.includes("//")) fail("must have no empty segment in its path.");
  return base;
}

/**
 * Refuses a request that doesn't go below the client's endpoint: the credential goes along.
 * Throws {@link ConfigurationError}.
 */
export function checkRequestUrl(url: string, endpoint: string): void {
  // Both are as a URL parser writes them, so a prefix that ends in a slash is the whole origin and base path.
  if (!url.startsWith(`${endpoint}/`)) throw new ConfigurationError("A request must go to the client's own endpoint.");
  const hasBasePath = /^https?:\/\/[^/]+\//.test(endpoint);
  // A gateway that decodes slashes would leave its base path.
  if (hasBasePath && /(?:%2f|%5c)(?:\.|%2e){1,2}(?:$|[/?#]|%2f|%5c)|\/(?:\.|%2e){1,2}(?:%2f|%5c)/i.test(url)) {
    throw new ConfigurationError("A request must stay below the endpoint's base path: it has an encoded dot segment.");
  }
}

/** Whether a URL's host name is this machine: `localhost`, a name beneath it, 127.0.0.0/8, or `[::1]`. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:[^.]+\.)*localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/**
 * Checks a credential: a string that can be a header's value, unchanged. Its text is in no message. `verb` is `be`
 * for an option, `return` for a function. Throws {@link ConfigurationError}.
 */
export function checkCredential(value: unknown, name: string, verb: "be" | "return" = "be"): string {
  if (typeof value !== "string" || value === "") {
    const got = value === "" ? "" : `, got ${value === null ? "null" : typeof value}`;
    throw new ConfigurationError(`${name} must ${verb} a non-empty string${got}.`);
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new ConfigurationError(
      `${verb === "be" ? name : `The token of ${name}`} holds a space, a line break or another character that no credential has. Was it read from a file, with the line break at the end?`,
    );
  }
  return value;
}
