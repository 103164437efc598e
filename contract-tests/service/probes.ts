/** What a service is asked. */
import { randomBytes } from "node:crypto";
import type { Judged } from "../command/report.js";
import { page } from "../tables/page.js";
import type { Exchange, Probe } from "./exchange.js";
import { type Judges, judgeExchange } from "./service-checks.js";

/** A header with a credential, and the same with one that is wrong. */
export interface Credential {
  readonly name: string;
  readonly value: string;
  readonly wrong: string;
}

export const pathOf = (id: string) => page.path.replace("{fine_tuning_job_id}", () => encodeURIComponent(id));

/** What can be asked of any service, production too: nothing of it can be carried out. */
export function probes({ name, value, wrong }: Credential): Probe[] {
  const jobId = `ftjob-contract-${randomBytes(12).toString("hex")}`;
  const probe = (what: string, method: string, headers: Record<string, string>, expect: number[]): Probe => ({
    name: what,
    method,
    path: pathOf(jobId),
    headers,
    expect,
    jobId,
  });
  return [
    probe("unknown job", "POST", { [name]: value }, [400, 404, 409, 410, 422, 429]),
    probe("wrong key", "POST", { [name]: wrong }, [401, 403]),
    probe("no key", "POST", {}, [401, 403]),
    probe("wrong method", "GET", { [name]: value }, [404, 405]),
  ];
}

export function cancelOf(jobId: string, { name, value }: Credential): Probe {
  return {
    name: `cancel ${jobId}`,
    method: "POST",
    path: pathOf(jobId),
    headers: { [name]: value },
    expect: "job",
    jobId,
  };
}

/** Judges each exchange by every check. */
export async function judgeAll(where: string, exchanges: readonly Exchange[], judges: Judges): Promise<Judged[]> {
  const judged: Judged[] = [];
  for (const exchange of exchanges)
    judged.push({ name: exchange.probe.name, where, exchange, findings: await judgeExchange(exchange, judges) });
  return judged;
}
