/** The command `cancel-fine-tuning-job`. */
import { version } from "../../generated/version.js";
import { ConfigurationError } from "../errors.js";
import type { FineTuningClientOptions } from "../options.js";
import { type Arguments, parseArguments, USAGE, UsageError } from "./arguments.js";
import { checkFailedFile } from "./failed-file.js";
import { readIds } from "./ids.js";
import { Output } from "./output.js";
import { resolveService, type Service, urlOf } from "./service.js";
import { type Plan, type Process, Session } from "./session.js";

/** A service that the command is given instead of the environment's; none of its jobs is real. */
export interface Target {
  /** What kind of service it is, in words. */
  readonly label: string;
  readonly options: FineTuningClientOptions & { readonly endpoint: string };
  /** What is cancelled when no id is given. A real service has none. */
  readonly defaultId: string;
}

/** Runs the command. Resolves with its exit code, once everything is printed. */
export async function run(args: readonly string[], process: Process, target?: Target): Promise<number> {
  const output = new Output(process);
  let session: Session | undefined;
  try {
    const options = parseArguments(args);
    if (options.help || options.version) {
      output.out(options.help ? USAGE : version);
      return 0;
    }
    session = new Session(await makePlan(options, process, target), options, process, output);
    return await session.run();
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigurationError)) throw error;
    output.err(error.message);
    return 2;
  } finally {
    // Nobody who has sent two signals waits for a reader.
    if (!session?.endsAtOnce) await output.drain();
  }
}

/** Checks everything that can be checked without sending anything. Throws {@link UsageError}, or `ConfigurationError`. */
async function makePlan(options: Arguments, { stdin, env }: Process, target: Target | undefined): Promise<Plan> {
  const isGiven = options.ids.length > 0 || options.file.length > 0;
  const ids = await readIds(isGiven || !target ? options.ids : [target.defaultId], options.file, stdin);
  if (ids.ids.length === 0) throw new UsageError(isGiven ? "There is no job id in --file. Nothing was sent." : NO_ID);
  const service = target ? serviceOf(target) : await resolveService(options, env);
  for (const id of ids.ids) urlOf(service.client.endpoint, id);
  const file = options["output-failed"];
  return { ...ids, ...service, failedFile: file === undefined ? undefined : checkFailedFile(file) };
}

function serviceOf({ options, label }: Target): Service {
  return { client: options, isReal: false, where: `Service: ${options.endpoint} (${label})` };
}

const NO_ID = "No job id given. There is no default for a real service. See --help.";
