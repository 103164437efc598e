/** The service that the command calls, and the credential that it sends. */
import { CANCEL_PATH, checkCredential, checkEndpoint, checkRequestUrl } from "../endpoint.js";
import type { FineTuningClientOptions } from "../options.js";
import { memberOf, messageOf, oneLine } from "../text.js";
import { type Arguments, UsageError } from "./arguments.js";

export interface Service {
  readonly client: FineTuningClientOptions & { readonly endpoint: string };
  /** Whether what is cancelled there is lost. */
  readonly isReal: boolean;
  /** The line that says where requests go, and with which credential. */
  readonly where: string;
}

const ENDPOINT = "AZURE_OPENAI_ENDPOINT";
const KEY = "AZURE_OPENAI_API_KEY";
const TOKEN = "AZURE_OPENAI_AD_TOKEN";

/**
 * Reads flags and environment; a variable that is empty counts as not set. Throws {@link UsageError}, or a
 * `ConfigurationError` that names the flag or the variable.
 */
export async function resolveService(
  { endpoint, auth }: Pick<Arguments, "endpoint" | "auth">,
  env: NodeJS.ProcessEnv,
): Promise<Service> {
  refuseMissing(endpoint, auth, env);
  const checked =
    endpoint === undefined ? checkEndpoint(env[ENDPOINT], ENDPOINT) : checkEndpoint(endpoint, "--endpoint");
  const service = (credential: string, options: FineTuningClientOptions): Service => ({
    client: { ...options, endpoint: checked },
    isReal: true,
    where: `Service: ${checked}, credential: ${credential}. Cancelling cannot be undone.`,
  });
  if (auth === "entra")
    return service("Microsoft Entra (@azure/identity)", { tokenProvider: await loadTokenProvider() });
  if (env[KEY]) return service(KEY, { apiKey: checkCredential(env[KEY], KEY) });
  const token = checkCredential(env[TOKEN], TOKEN);
  return service(TOKEN, { tokenProvider: () => token });
}

function refuseMissing(endpoint: string | undefined, auth: string | undefined, env: NodeJS.ProcessEnv): void {
  const isSet = (name: string) => Boolean(env[name]);
  const found = [
    ...(endpoint === undefined ? [] : ["--endpoint"]),
    ...(auth === undefined ? [] : [`--auth ${auth}`]),
    ...[ENDPOINT, KEY, TOKEN].filter(isSet),
  ];
  const missing = [
    ...(endpoint === undefined && !isSet(ENDPOINT) ? [`${ENDPOINT} (or --endpoint)`] : []),
    ...(auth === undefined && !isSet(KEY) && !isSet(TOKEN) ? [`${KEY} (or ${TOKEN}, or --auth entra)`] : []),
  ];
  if (missing.length === 0) return;
  const given = found.length > 0 ? ` Only ${found.join(" and ")} ${found.length > 1 ? "are" : "is"} given.` : "";
  throw new UsageError(`Missing: ${missing.join(" and ")}.${given} Nothing was sent.`);
}

/** The URL that cancels a job. Throws {@link UsageError} for an id that would leave the base path of a gateway. */
export function urlOf(endpoint: string, id: string): string {
  const url = endpoint + CANCEL_PATH.replace("{fine_tuning_job_id}", encodeURIComponent(id));
  try {
    checkRequestUrl(url, endpoint);
    return url;
  } catch {
    throw new UsageError(
      `The job id ${JSON.stringify(id)} would leave the base path of ${endpoint}. Nothing was sent.`,
    );
  }
}

const IDENTITY = "@azure/identity";
const SCOPE = "https://cognitiveservices.azure.com/.default";

/** The part of `@azure/identity` that is used. It is no dependency: whoever wants it installs it. */
interface Identity {
  DefaultAzureCredential: new () => unknown;
  getBearerTokenProvider(credential: unknown, scope: string): () => Promise<string>;
}

async function loadTokenProvider(): Promise<() => Promise<string>> {
  try {
    const identity = (await import(IDENTITY)) as Identity;
    return identity.getBearerTokenProvider(new identity.DefaultAzureCredential(), SCOPE);
  } catch (error) {
    const message = messageOf(error);
    const isMissing = memberOf(error, "code") === "ERR_MODULE_NOT_FOUND" && message.includes(`'${IDENTITY}'`);
    throw new UsageError(
      isMissing
        ? `--auth entra needs ${IDENTITY}, which is not installed beside fine-tuning-client. Run \`npm install ${IDENTITY}\` where you installed it.`
        : `--auth entra: ${IDENTITY} can't be used: ${oneLine(message)}`,
    );
  }
}
