import { version } from "../generated/version.js";
import { isBrowser } from "./connection.js";

/** A `User-Agent` that names this package. Not in a browser: there it would make every request need a CORS preflight. */
export function userAgent(): { "user-agent"?: string } {
  return isBrowser() ? {} : { "user-agent": `fine-tuning-client/${version}` };
}
