/** What is compared, and what the rounds of a comparison say. */
import { NODE_VERSIONS, OPENAI_VERSION } from "../tools/install.js";
import { type Estimate, estimate } from "./statistics.js";

export const CLIENTS = {
  fetch: "bare `fetch` and `response.json()`",
  floor: "the floor: `fetch`, a signal, a timer, a body reader",
  "openapi-fetch": "openapi-fetch alone",
  off: 'this client, `validation: "off"`',
  report: 'this client, `validation: "report"`',
  strict: 'this client, `validation: "strict"`',
  openai: `openai ${OPENAI_VERSION}`,
} as const;
export type Client = keyof typeof CLIENTS;
export const EVERY = Object.keys(CLIENTS) as Client[];

export const REGIMES = ["hot", "after GC"] as const;
export type Regime = (typeof REGIMES)[number];
export const MAJORS = [24, 22] as const;
export type Major = (typeof MAJORS)[number];

export const versionOf = (major: Major) => `Node ${NODE_VERSIONS[major]}`;

/** For each client, a figure of each round. */
export type Rounds = Readonly<Record<Client, readonly number[]>>;

/** A figure of each round, made of the figures of that round. */
const perRound = (rounds: Rounds, figure: (of: (name: Client) => number) => number) =>
  estimate(rounds.fetch.map((_, round) => figure((name) => rounds[name][round] as number)));

export const costOf = (rounds: Rounds, name: Client): Estimate => perRound(rounds, (of) => of(name));
export const ratioOf = (rounds: Rounds, name: Client): Estimate => perRound(rounds, (of) => of(name) / of("fetch"));
export const addedBy = (rounds: Rounds, name: Client): Estimate => perRound(rounds, (of) => of(name) - of("fetch"));
/** What a client adds to bare `fetch`, as a share of what openai adds. */
export const shareOf = (rounds: Rounds, name: Client): Estimate =>
  perRound(rounds, (of) => (of(name) - of("fetch")) / (of("openai") - of("fetch")));
