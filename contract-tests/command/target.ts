/** The running service that `--target` names, and the credential for it: by the rules that the client has. */
import { checkCredential, checkEndpoint } from "../../src/endpoint.js";
import { type Credential, keyCredential, tokenCredential } from "../service/probes.js";
import { CannotCheck } from "./options.js";

export interface Target {
  /** An origin, or an origin with the base path of a gateway. */
  readonly endpoint: string;
  readonly credential: Credential;
}

/** Throws {@link CannotCheck} for an unusable URL or credential. */
export function targetOf(url: string, env: NodeJS.ProcessEnv): Target {
  try {
    return { endpoint: checkEndpoint(url, "--target"), credential: credentialOf(env) };
  } catch (error) {
    throw new CannotCheck((error as Error).message);
  }
}

function credentialOf({ AZURE_OPENAI_API_KEY: key, AZURE_OPENAI_AD_TOKEN: token }: NodeJS.ProcessEnv): Credential {
  if (key) return keyCredential(checkCredential(key, "AZURE_OPENAI_API_KEY"));
  if (token) return tokenCredential(checkCredential(token, "AZURE_OPENAI_AD_TOKEN"));
  throw new Error("No credential. Set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN.");
}
