/** How many lies the suite notices, family by family. */
import type { IncomingMessage } from "node:http";
import type { Contract } from "../../scripts/contract/document.js";
import { applyOverlay } from "../../scripts/contract/overlay.js";
import { type Exchange, makeExchange } from "../service/exchange.js";
import { cancelOf, judgeAll, probes } from "../service/probes.js";
import { type Answer, API_KEY, type Lies, startReferenceService } from "../service/reference-service.js";
import { judgeExchange, makeJudges, serviceCheckNames } from "../service/service-checks.js";
import type { Finding } from "../spec/finding.js";
import { specChecks } from "../spec/spec-checks.js";
import { witnesses } from "../spec/witnesses.js";
import { cases, fullValue } from "../tables/bodies.js";
import { observedSchemas } from "../tables/observed.js";
import { schemas } from "../tables/page.js";
import { type Mutant, overlayMutants, specMutants } from "./mutants.js";

export interface Score {
  readonly family: string;
  readonly mutants: number;
  /** Place and operator of each mutant that nothing noticed. */
  readonly survivors: readonly string[];
  /** What noticed the others, and how many each. */
  readonly noticedBy: Readonly<Record<string, number>>;
}

/** Mutants that mean what the original means: place and operator, with the reason. */
export const equivalents: Readonly<Record<string, string>> = {};

type Notice<T> = (mutant: T) => Promise<string | undefined>;

/** Plays every mutant of a family to the suite. */
async function score<T>(family: string, mutants: Iterable<Mutant<T>>, notice: Notice<T>): Promise<Score> {
  const survivors: string[] = [];
  const noticedBy: Record<string, number> = {};
  let count = 0;
  for (const { place, operator, make } of mutants) {
    const name = `${place}: ${operator}`;
    if (name in equivalents) continue;
    count++;
    const by = await notice(make());
    if (by === undefined) survivors.push(name);
    else noticedBy[by] = (noticedBy[by] ?? 0) + 1;
  }
  return { family, mutants: count, survivors, noticedBy };
}

/** The first check that finds something. */
function noticing(contract: Contract, checks = Object.keys(specChecks)): string | undefined {
  return checks.find((name) => specChecks[name]?.(contract).length);
}

function scoreSpec({ documented, overlay, accepted }: Contract): Promise<Score> {
  return score("spec", specMutants(documented), async (mutant) => {
    // The overlay is applied anew only where the document alone gives nothing away: it is the slow part.
    const by = noticing({ documented: mutant, overlay, accepted });
    if (by) return by;
    try {
      return noticing({ documented: mutant, overlay, accepted: await applyOverlay(mutant, overlay) });
    } catch {
      return "generate";
    }
  });
}

function scoreOverlay({ documented, overlay }: Contract): Promise<Score> {
  return score("overlay", overlayMutants(overlay), async (mutant) => {
    try {
      return noticing({ documented, overlay: mutant, accepted: await applyOverlay(documented, mutant) }, [
        "accepted-members",
        "responses",
        "descriptions",
        "accepted-bodies",
        "compiles",
      ]);
    } catch {
      return "generate";
    }
  });
}

const KEY = { name: "api-key", value: API_KEY, wrong: "not-the-key" };
const JSON_HEADERS = { "content-type": "application/json", "apim-request-id": "apim-1", "x-request-id": "request-1" };

/** An answer as if it had come over the wire. */
const exchangeOf = (
  status: number,
  text: string,
  headers: Record<string, string> = JSON_HEADERS,
  more = {},
): Exchange => ({
  probe: cancelOf("text", KEY),
  requestHeaders: { "api-key": "***" },
  origin: "http://127.0.0.1",
  answer: { status, headers, text, echoesCredential: false, ...more },
});

/** An answer, and what has to be found in it. */
interface Told {
  readonly exchange: Exchange;
  readonly verdict: Finding["verdict"] | undefined;
}

/** Every body of the tables as an answer, and answers that are wrong around the body. */
function* answerMutants(): Generator<Mutant<Told>> {
  for (const [root, status] of [
    ["FineTuningJob", 200],
    ["ErrorResponse", 400],
  ] as const) {
    const tables = [schemas, observedSchemas];
    const documented = cases(schemas, root, tables);
    for (const [index, { label, body, good }] of cases(observedSchemas, root, tables).entries()) {
      // A good body with another id is an answer for another job.
      const other = root === "FineTuningJob" && (body as { id?: unknown } | null)?.id !== "text";
      const verdict = !good || other ? "violation" : documented[index]?.good ? undefined : "known-drift";
      yield {
        place: root,
        operator: label,
        make: () => ({ exchange: exchangeOf(status, JSON.stringify(body)), verdict }),
      };
    }
  }
  const job = JSON.stringify(fullValue(schemas, "FineTuningJob"));
  const wrong = (operator: string, exchange: Exchange): Mutant<Told> => ({
    place: "answer",
    operator,
    make: () => ({ exchange, verdict: "violation" }),
  });
  yield wrong("201", exchangeOf(201, job));
  yield wrong("202", exchangeOf(202, job));
  yield wrong("204", exchangeOf(204, ""));
  for (const status of [300, 301, 302, 303, 307, 308]) yield wrong(`${status}`, exchangeOf(status, "{}"));
  yield wrong("empty", exchangeOf(200, ""));
  yield wrong("cut short", exchangeOf(200, job.slice(0, -1)));
  yield wrong("an HTML page", exchangeOf(200, "<html></html>", { "content-type": "text/html" }));
  for (const type of ["text/plain", "application/xml", "garbage", ";;", ""]) {
    yield wrong(
      `content type ${JSON.stringify(type)}`,
      exchangeOf(200, job, { ...JSON_HEADERS, "content-type": type }),
    );
    yield wrong(
      `content type ${JSON.stringify(type)} of a failure`,
      exchangeOf(404, "{}", { ...JSON_HEADERS, "content-type": type }),
    );
  }
  const { "content-type": _, ...untyped } = JSON_HEADERS;
  yield wrong("no content type", exchangeOf(200, job, untyped as never));
  for (const [name, value] of Object.entries({
    "retry-after": "soon",
    "retry-after-ms": "1.5",
    "apim-request-id": " ",
    "x-request-id": "",
  })) {
    yield wrong(`${name}: ${value}`, exchangeOf(429, "{}", { ...JSON_HEADERS, [name]: value }));
  }
  yield wrong("the credential, repeated", exchangeOf(200, job, JSON_HEADERS, { echoesCredential: true }));
  yield {
    place: "answer",
    operator: "broken off",
    make: () => ({ exchange: { ...exchangeOf(200, ""), answer: { failure: "ECONNRESET" } }, verdict: "violation" }),
  };
}

async function scoreAnswers(contract: Contract): Promise<Score> {
  const judges = await makeJudges(contract);
  return score("answers", answerMutants(), async ({ exchange, verdict }) => {
    const findings = await judgeExchange(exchange, judges);
    const told = findings.some((each) => each.verdict === "violation") ? "violation" : findings[0]?.verdict;
    if (told !== verdict || (told === "known-drift" && !findings.every(({ action }) => action))) return undefined;
    return findings.find((each) => each.verdict === told)?.check ?? "nothing, rightly";
  });
}

/** Everything that a service may do to a request that it should refuse, or to one that it should carry out. */
function* serviceMutants(): Generator<Mutant<Lies>> {
  const lie = (operator: string, lies: Lies): Mutant<Lies> => ({
    place: "reference service",
    operator,
    make: () => lies,
  });
  yield lie("takes no key", { acceptNoKey: true });
  yield lie("takes a wrong key", { acceptWrongKey: true });
  yield lie("takes any method", { acceptAnyMethod: true, acceptUnknownJob: true });
  yield lie("takes any job", { acceptUnknownJob: true });
  const to = (which: (request: IncomingMessage, answer: Answer) => boolean, change: Partial<Answer>): Lies => ({
    change: (answer, request) => (which(request, answer) ? { ...answer, ...change } : answer),
  });
  const kinds: Record<string, (request: IncomingMessage, answer: Answer) => boolean> = {
    "no key": ({ headers }) => !headers["api-key"],
    "a wrong key": ({ headers }) => headers["api-key"] === KEY.wrong,
    "a wrong method": ({ method }) => method === "GET",
    "an unknown job": ({ headers, method }, { status }) =>
      method === "POST" && headers["api-key"] === KEY.value && status === 404,
  };
  for (const [kind, which] of Object.entries(kinds)) {
    for (const status of [500, 501, 503, 302, 200]) yield lie(`answers ${status} to ${kind}`, to(which, { status }));
    yield lie(`answers ${kind} with an error of another shape`, to(which, { body: '{"error":7}' }));
    yield lie(`answers ${kind} with a body cut short`, {
      change: (answer, request) =>
        which(request, answer) ? { ...answer, headers: { ...answer.headers, "content-length": "9999" } } : answer,
    });
  }
  yield lie("answers with another job", {
    change: (answer) =>
      answer.status === 200 ? { ...answer, body: answer.body.replace("ftjob-queued", "ftjob-other") } : answer,
  });
  yield lie("repeats the key", {
    change: (answer, { headers }) => ({
      ...answer,
      headers: { ...answer.headers, "x-request-id": String(headers["api-key"]) },
    }),
  });
}

function scoreService(contract: Contract): Promise<Score> {
  const judges = makeJudges(contract);
  return score("service", serviceMutants(), async (lies) => {
    const service = await startReferenceService(lies);
    try {
      const asked = [...probes(KEY), cancelOf(service.jobs.queued as string, KEY)];
      const exchanges = await Promise.all(asked.map((probe) => makeExchange(service.url, probe)));
      for (const { findings } of await judgeAll("reference service", exchanges, await judges)) {
        const found = findings.find(({ verdict }) => verdict === "violation");
        if (found) return found.check;
      }
      return undefined;
    } finally {
      await service.close();
    }
  });
}

/** Each named check switched off: something that it alone notices goes by, and the suite's test of it fails. */
function scoreSuite(contract: Contract): Promise<Score> {
  const judges = makeJudges(contract);
  const off = [...Object.keys(specChecks), ...serviceCheckNames].map(
    (name): Mutant<string> => ({ place: name, operator: "switched off", make: () => name }),
  );
  return score("suite", off, async (name) => {
    if (specChecks[name]) {
      const broken = structuredClone(contract);
      witnesses[name]?.(broken.documented, broken);
      return specChecks[name](broken).length ? "its witness" : undefined;
    }
    const exchange = serviceWitnesses[name];
    if (!exchange) return undefined;
    const noticed = (await judgeExchange(exchange, await judges)).filter(({ verdict }) => verdict === "violation");
    // By this check and no other: without it nothing would be noticed.
    return noticed.length > 0 && noticed.every(({ check }) => check === name) ? "its witness" : undefined;
  });
}

const probing = (exchange: Exchange, expect: readonly number[]): Exchange => ({
  ...exchange,
  probe: { ...exchange.probe, expect },
});
const documentedJob = JSON.stringify(fullValue(schemas, "FineTuningJob"));

/** For each check of a service, an answer in which it alone finds something. */
const serviceWitnesses: Record<string, Exchange> = {
  answered: { ...exchangeOf(200, ""), answer: { failure: "ECONNRESET" } },
  "expected-status": probing(exchangeOf(404, "{}"), [401, 403]),
  "server-error": probing(exchangeOf(503, "{}"), [503]),
  redirect: probing(exchangeOf(302, "{}"), [302]),
  body: exchangeOf(400, '{"error":7}'),
  prism: exchangeOf(404, "{}", { ...JSON_HEADERS, "content-type": "text/plain" }),
  "same-job": exchangeOf(200, documentedJob.replace('"id":"text"', '"id":"other"')),
  headers: exchangeOf(429, "{}", { ...JSON_HEADERS, "retry-after": "soon" }),
  "credential-echo": exchangeOf(200, documentedJob, JSON_HEADERS, { echoesCredential: true }),
};

/** Every family that is scored without running the tests anew. */
export const families = {
  spec: scoreSpec,
  overlay: scoreOverlay,
  answers: scoreAnswers,
  service: scoreService,
  suite: scoreSuite,
};
