/** The requests that a service is sent. */
import { randomBytes } from "node:crypto";
import { pathOf } from "../tables/page.js";
import { type Probe, WRONG_CREDENTIALS } from "./exchange.js";

/** A header with a credential, and a wrong value for the same header. */
export interface Credential {
  readonly name: string;
  readonly value: string;
  readonly wrong: string;
  /** The key or token itself. */
  readonly secret: string;
}

export function keyCredential(key: string): Credential {
  return { name: "api-key", value: key, wrong: WRONG_CREDENTIALS["api-key"], secret: key };
}

export function tokenCredential(token: string): Credential {
  const { authorization: wrong } = WRONG_CREDENTIALS;
  return { name: "authorization", value: `Bearer ${token}`, wrong, secret: token };
}

/** Requests without side effects, safe against production: each names a job that cannot exist. */
export function createProbes({ name, value, wrong, secret }: Credential): Probe[] {
  const jobId = `ftjob-contract-${randomBytes(12).toString("hex")}`;
  const probe = (what: string, method: string, headers: Record<string, string>, expect: number[]): Probe => ({
    name: what,
    method,
    path: pathOf(jobId),
    headers,
    secret,
    expect,
    jobId,
  });
  return [
    probe("unknown job", "POST", { [name]: value }, [400, 404, 409, 410, 422]),
    probe("wrong key", "POST", { [name]: wrong }, [401, 403]),
    probe("no key", "POST", {}, [401, 403]),
    probe("wrong method", "GET", { [name]: value }, [404, 405]),
  ];
}

/** The request that cancels a job, unless another response is expected. */
export function cancelProbe(
  jobId: string,
  { name, value, secret }: Credential,
  expect: Probe["expect"] = "job",
): Probe {
  return {
    name: `cancel ${jobId}`,
    method: "POST",
    path: pathOf(jobId),
    headers: { [name]: value },
    secret,
    expect,
    jobId,
  };
}
