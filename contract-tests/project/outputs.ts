/** What the commands print, from real runs. Ports and times, which differ from run to run, are left out. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { USAGE } from "../../src/command/arguments.js";
import { main as contract } from "../command/contract.js";
import { type ReferenceResponse, startReferenceService } from "../service/reference-service.js";

/** `npm start` without a real service. */
export async function outputOfStart(): Promise<string> {
  const { AZURE_OPENAI_ENDPOINT: _, AZURE_OPENAI_API_KEY: __, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["--import", "tsx", "scripts/start.ts"], {
    env,
  });
  return fenced(`${stderr}${stdout.trimEnd()}`.replace(/:\d+ /, ":… ").replaceAll(/\d+\.\d s/g, "0.2 s"));
}

export function helpOfCommand(): string {
  return fenced(USAGE.trim());
}

export async function helpOfContract(): Promise<string> {
  return fenced(await printed((print) => contract(["--help"], {}, print)));
}

/** A run on a service with one known drift and one violation. */
export async function outputOfViolation(): Promise<string> {
  const change = (response: ReferenceResponse): ReferenceResponse =>
    response.status === 200
      ? { ...response, body: JSON.stringify({ ...JSON.parse(response.body), seed: null, estimated_finish: true }) }
      : response;
  const service = await startReferenceService({ change });
  const args = ["--target", service.url, "--cancel", service.jobs.queued as string, "--propose-overlay"];
  const text = await printed((print) => contract(args, { AZURE_OPENAI_API_KEY: service.apiKey }, print));
  await service.close();
  return fenced(text.replaceAll(service.url, "https://my-resource.openai.azure.com"));
}

async function printed(
  command: (print: { out(text: string): void; err(text: string): void }) => Promise<number>,
): Promise<string> {
  const texts: string[] = [];
  const print = (text: string) => void texts.push(text);
  await command({ out: print, err: print });
  return texts.join("\n");
}

const fenced = (text: string) => `\`\`\`\n${text.replace(/ +$/gm, "")}\n\`\`\``;
