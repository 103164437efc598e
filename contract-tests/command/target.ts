/** The running service that `--target` names, and the credential for it. */
import { type Credential, keyCredential, tokenCredential } from "../service/probes.js";
import { CannotCheck } from "./options.js";

export interface Target {
  readonly origin: string;
  readonly credential: Credential;
}

/** Throws {@link CannotCheck} for an unusable URL or credential. */
export function targetOf(url: string, env: NodeJS.ProcessEnv): Target {
  return { origin: checkTarget(url), credential: credentialOf(env) };
}

function checkTarget(target: string): string {
  let url: URL;
  try {
    url = new URL(target);
  } catch {
    throw new CannotCheck("--target is not a URL. It looks like https://my-resource.openai.azure.com.");
  }
  if (url.username || url.password) throw new CannotCheck("--target must not contain a user name or a password.");
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback))
    throw new CannotCheck("--target must be https; plain http is for loopback only.");
  if (!/^\/*(openai\/*(v1\/*)?)?$/.test(url.pathname) || url.search || url.hash)
    throw new CannotCheck("--target must be an origin, without a path other than /openai/v1.");
  return url.origin;
}

function credentialOf({ AZURE_OPENAI_API_KEY: key, AZURE_OPENAI_AD_TOKEN: token }: NodeJS.ProcessEnv): Credential {
  const given = key || token;
  if (!given) throw new CannotCheck("No credential. Set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN.");
  if (!/^[\x21-\x7e]+$/.test(given))
    throw new CannotCheck("The credential contains a space, a line break or another character that no credential has.");
  return key ? keyCredential(key) : tokenCredential(given);
}
