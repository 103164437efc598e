import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Contract } from "../../scripts/contract/document.js";
import { readContract } from "../../scripts/contract/read.js";
import { type Exchange, makeExchange } from "../service/exchange.js";
import { maskExchange, wordsOf } from "../service/mask.js";
import { cancelProbe, createProbes, keyCredential } from "../service/probes.js";
import { readRecordings, writeRecordings } from "../service/recordings.js";
import { startReferenceService } from "../service/reference-service.js";
import { checkExchange } from "../service/service-checks.js";
import { createValidators, type Validators } from "../service/validators.js";
import { main } from "./contract.js";
import { gateways, keyOf } from "./gateways.js";

const root = join(__dirname, "../..");

test.each(gateways.map((gateway) => ({ ...gateway, gateway })))("$name: exit code $exit", async ({ gateway }) => {
  const { change, cancel = false, exit, says } = gateway;
  const key = keyOf(gateway);
  const service = await startReferenceService({ change }, "", key);
  const texts: string[] = [];
  const print = (text: string) => void texts.push(text);
  const args = ["--target", service.url, ...(cancel ? ["--cancel", service.jobs.queued as string] : [])];
  try {
    const code = await main(args, { AZURE_OPENAI_API_KEY: key }, { out: print, err: print }, root);
    const text = texts.join("\n");
    // The text tells why the code is another one.
    expect({ code, text }).toEqual({ code: exit, text: expect.stringMatching(says) });
    if (key.length > 8) expect(text).not.toContain(key);
  } finally {
    await service.close();
  }
});

describe("a recording gets the verdict of the live response:", () => {
  let contract: Contract;
  let validators: Validators;
  let folder: string;
  beforeAll(async () => {
    contract = await readContract(root);
    validators = createValidators(contract);
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "recordings-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const findingsIn = async (exchanges: readonly Exchange[]) => {
    const findings = await Promise.all(exchanges.map((exchange) => checkExchange(exchange, validators)));
    return findings.map((each) =>
      each.map(({ check, verdict, pointer, message }) => [check, verdict, pointer, message]),
    );
  };

  test.each(gateways.map((gateway) => ({ name: gateway.name, gateway })))("$name", async ({ gateway }) => {
    const key = keyOf(gateway);
    const service = await startReferenceService({ change: gateway.change }, "", key);
    const credential = keyCredential(key);
    const probes = [...createProbes(credential), cancelProbe("ftjob-queued", credential)];
    const live: Exchange[] = [];
    for (const probe of probes) live.push(await makeExchange(service.url, probe));
    await service.close();
    writeRecordings(
      folder,
      live.map((exchange) => maskExchange(exchange, wordsOf(contract))),
    );
    expect(await findingsIn(readRecordings(folder))).toEqual(await findingsIn(live));
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    const decoded = texts.map((text) => Buffer.from(JSON.parse(text).response.bodyBase64 ?? "", "base64").toString());
    for (const text of [...texts, ...decoded]) expect(text).not.toMatch(/search|org-1|file-training|7f3a9c/);
  });
});
