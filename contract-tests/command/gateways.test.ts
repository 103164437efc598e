import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { startReferenceService } from "../service/reference-service.js";
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
