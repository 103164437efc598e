import { get } from "node:http";
import { Server } from "node:net";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { pathOf, schemas } from "../tables/page.js";
import { API_KEY, type Misbehaviour, type ReferenceService, startReferenceService } from "./reference-service.js";

let service: ReferenceService;
afterEach(() => service.close());

const MEMBERS = (schemas.FineTuningJob ?? []).map(({ name }) => name).sort();

async function send(path: string, headers: Record<string, string> = { "api-key": service.apiKey }, method = "POST") {
  const response = await fetch(service.url + path, { method, headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

test("listens on loopback alone, on a port that the system picks", async () => {
  const listen = jest.spyOn(Server.prototype, "listen");
  service = await startReferenceService();
  expect(listen.mock.calls).toEqual([[0, "127.0.0.1", expect.any(Function)]]);
  expect(new URL(service.url).hostname).toBe("127.0.0.1");
  listen.mockRestore();
});

describe("a job", () => {
  const jobs = {
    validating_files: "ftjob-validating-files",
    queued: "ftjob-queued",
    running: "ftjob-running",
    succeeded: "ftjob-succeeded",
    failed: "ftjob-failed",
    cancelled: "ftjob-cancelled",
  };

  test("is there in each state", async () => {
    service = await startReferenceService();
    expect(service.jobs).toEqual(jobs);
  });

  test.each(["validating_files", "queued", "running", "cancelled"] as const)("%s is cancelled", async (state) => {
    service = await startReferenceService();
    const id = jobs[state];
    const { status, body } = await send(pathOf(id));
    expect([status, body.id, body.status, Object.keys(body).sort()]).toEqual([200, id, "cancelled", MEMBERS]);
    // Its values are no empty ones, which a schema would allow.
    expect(JSON.stringify(body)).not.toMatch(/""|\{\}|"(integrations|tags)":\[\]/);
  });

  test("has a validation file, or none", async () => {
    service = await startReferenceService();
    const responses = await Promise.all([jobs.queued, jobs.running].map((id) => send(pathOf(id))));
    expect(responses.map(({ body }) => body.validation_file)).toEqual(["file-validation", null]);
  });
});

describe("responses", () => {
  const queued = pathOf("ftjob-queued");
  test.each<
    [what: string, path: string, headers: Record<string, string>, method: string, status: number, words: string]
  >([
    [
      "a job that succeeded",
      pathOf("ftjob-succeeded"),
      { "api-key": API_KEY },
      "POST",
      400,
      "The job has already finished.",
    ],
    ["a job that failed", pathOf("ftjob-failed"), { "api-key": API_KEY }, "POST", 400, "The job has already finished."],
    ["an unknown job", pathOf("ftjob-x"), { "api-key": API_KEY }, "POST", 404, "The job was not found."],
    ["another path", `/x${queued}`, { "api-key": API_KEY }, "POST", 404, "Resource not found."],
    ["a longer path", `${queued}/x`, { "api-key": API_KEY }, "POST", 404, "Resource not found."],
    ["another method", queued, { "api-key": API_KEY }, "PUT", 405, "The method is not allowed."],
    ["no credential", queued, {}, "POST", 401, "No credential was sent."],
    ["a wrong key", queued, { "api-key": "x" }, "POST", 401, "The credential is wrong."],
    ["a wrong token", queued, { authorization: "Bearer x" }, "POST", 401, "The credential is wrong."],
    [
      "a token without its scheme",
      queued,
      { authorization: "reference-token-5d1e8b" },
      "POST",
      401,
      "The credential is wrong.",
    ],
  ])("%s is refused", async (_, path, headers, method, status, message) => {
    service = await startReferenceService();
    const response = await send(path, headers, method);
    expect([response.status, response.body]).toEqual([status, { error: { code: String(status), message } }]);
  });

  test("have ids of their own, and the requests are kept", async () => {
    service = await startReferenceService();
    await send(pathOf("a"));
    const { headers } = await send(pathOf("b"));
    expect([headers.get("x-request-id"), headers.get("apim-request-id")]).toEqual(["request-2", "apim-2"]);
    expect(headers.get("content-type")).toBe("application/json");
    expect(service.requests).toEqual([`POST ${pathOf("a")}`, `POST ${pathOf("b")}`]);
  });

  test("a token is as good as a key, and the key can be another", async () => {
    service = await startReferenceService({}, "", "other-key");
    const bearer = { authorization: `Bearer ${service.token}` };
    expect((await send(pathOf("ftjob-queued"), bearer)).status).toBe(200);
    expect((await send(pathOf("ftjob-running"), { "api-key": "other-key" })).status).toBe(200);
    expect((await send(pathOf("ftjob-running"), { "api-key": API_KEY })).status).toBe(401);
  });

  test("behind a base path are given there alone", async () => {
    service = await startReferenceService({}, "/base");
    expect((await send(`/base${queued}`)).status).toBe(200);
    for (const path of [queued, `/case${queued}`, `/base-2${queued}`]) expect((await send(path)).status).toBe(404);
  });
});

describe("a misbehaviour", () => {
  const requests: [keyof Misbehaviour, ...Parameters<typeof send>][] = [
    ["acceptAnyMethod", pathOf("ftjob-queued"), { "api-key": API_KEY }, "PUT"],
    ["acceptNoKey", pathOf("ftjob-queued"), {}],
    ["acceptWrongKey", pathOf("ftjob-queued"), { "api-key": "x" }],
    ["acceptUnknownJob", pathOf("ftjob-x")],
  ];
  test.each(requests)("%s cancels what is refused otherwise, and nothing more", async (name, path, ...request) => {
    service = await startReferenceService({ [name]: true });
    const { status, body } = await send(path, ...request);
    const seen = [status, pathOf(body.id), body.status, Object.keys(body).sort()];
    expect(seen).toEqual([200, path, "cancelled", MEMBERS]);
    for (const [other, ...args] of requests)
      expect([other, (await send(...args)).status === 200]).toEqual([other, other === name]);
  });

  test("changes what is sent, with its reason phrase and its trailers", async () => {
    const bytes = new Uint8Array([0xff]);
    const change: Misbehaviour["change"] = (response) => ({
      ...response,
      ...{ status: 418, reason: "No", bytes, trailers: { "x-a": "1", "x-b": "2" } },
    });
    service = await startReferenceService({ change });
    const seen = await new Promise((resolve, reject) => {
      get(service.url, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part) => parts.push(part));
        response.on("end", () => {
          const { statusCode, statusMessage, trailers, headers } = response;
          resolve([statusCode, statusMessage, Buffer.concat(parts), headers.trailer, trailers]);
        });
      }).on("error", reject);
    });
    expect(seen).toEqual([418, "No", Buffer.from(bytes), "x-a, x-b", { "x-a": "1", "x-b": "2" }]);
  });
});
