/** The running service that `--target` names, and the credential for it: by the rules that the client has. */
import { resolveService } from "../../src/command/service.js";
import { checkCredential, checkEndpoint } from "../../src/endpoint.js";
import { type Credential, keyCredential, tokenCredential } from "../service/probes.js";
import { CannotCheck } from "./options.js";

export interface Target {
  /** An origin, or an origin with the base path of a gateway. */
  readonly endpoint: string;
  readonly credential: Credential;
}

/** Throws {@link CannotCheck} for an unusable URL or credential. With `auth` the credential is Microsoft Entra's. */
export async function targetOf(url: string, auth: string | undefined, env: NodeJS.ProcessEnv): Promise<Target> {
  try {
    const endpoint = checkEndpoint(url, "--target");
    return { endpoint, credential: auth === undefined ? credentialOf(env) : await entraCredential(endpoint, auth) };
  } catch (error) {
    throw new CannotCheck((error as Error).message);
  }
}

/** A token as the client's command gets one: once, because a run takes less time than a token lives. */
async function entraCredential(endpoint: string, auth: string): Promise<Credential> {
  const { client } = await resolveService({ endpoint, auth }, {});
  return tokenCredential(checkCredential(await client.tokenProvider?.(), "--auth entra"));
}

function credentialOf({ AZURE_OPENAI_API_KEY: key, AZURE_OPENAI_AD_TOKEN: token }: NodeJS.ProcessEnv): Credential {
  if (key) return keyCredential(checkCredential(key, "AZURE_OPENAI_API_KEY"));
  if (token) return tokenCredential(checkCredential(token, "AZURE_OPENAI_AD_TOKEN"));
  throw new Error("No credential. Set AZURE_OPENAI_API_KEY or AZURE_OPENAI_AD_TOKEN, or give --auth entra.");
}
