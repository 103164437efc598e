import { get } from "node:http";
import { Server } from "node:net";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { schemas } from "../tables/page.js";
import { type Misbehaviour, type ReferenceService, startReferenceService } from "./reference-service.js";

let service: ReferenceService;
afterEach(() => service.close());

const MEMBERS = (schemas.FineTuningJob ?? []).map(({ name }) => name).sort();
const pathOf = (id: string) => `/openai/v1/fine_tuning/jobs/${id}/cancel`;

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
  const finished = ["succeeded", "failed"];

  test("is there in each state", async () => {
    service = await startReferenceService();
    expect(service.jobs).toEqual(jobs);
  });

  test.each(Object.entries(jobs).filter(([state]) => !finished.includes(state)))("%s is cancelled", async (_, id) => {
    service = await startReferenceService();
    const { status, body } = await send(pathOf(id));
    expect([status, body.id, body.status, Object.keys(body).sort()]).toEqual([200, id, "cancelled", MEMBERS]);
    // Its values are no empty ones, which a schema would allow.
    expect(JSON.stringify(body)).not.toMatch(/""|\{\}|"(integrations|tags)":\[\]/);
  });

  test("has a validation file, or none", async () => {
    service = await startReferenceService();
    const files = ["queued", "running"].map(async (state) => (await send(pathOf(jobs[state as "queued"]))).body);
    expect((await Promise.all(files)).map((body) => body.validation_file)).toEqual(["file-validation", null]);
  });
});

describe("responses", () => {
  const key = "reference-key-7f3a9c";
  const queued = pathOf("ftjob-queued");
  test.each<
    [what: string, path: string, headers: Record<string, string>, method: string, status: number, words: string]
  >([
    [
      "a job that succeeded",
      pathOf("ftjob-succeeded"),
      { "api-key": key },
      "POST",
      400,
      "The job has already finished.",
    ],
    ["a job that failed", pathOf("ftjob-failed"), { "api-key": key }, "POST", 400, "The job has already finished."],
    ["an unknown job", pathOf("ftjob-x"), { "api-key": key }, "POST", 404, "The job was not found."],
    ["another path", `/x${queued}`, { "api-key": key }, "POST", 404, "Resource not found."],
    ["a longer path", `${queued}/x`, { "api-key": key }, "POST", 404, "Resource not found."],
    ["another method", queued, { "api-key": key }, "PUT", 405, "The method is not allowed."],
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
    expect((await send(pathOf("ftjob-running"), { "api-key": key })).status).toBe(401);
  });

  test("behind a base path are given there alone", async () => {
    service = await startReferenceService({}, "/base");
    expect((await send(`/base${queued}`)).status).toBe(200);
    for (const path of [queued, `/case${queued}`, `/base-2${queued}`]) expect((await send(path)).status).toBe(404);
  });
});

describe("a misbehaviour", () => {
  test.each<[keyof Misbehaviour, path: string, headers: Record<string, string>, method: string]>([
    ["acceptAnyMethod", "ftjob-queued", { "api-key": "reference-key-7f3a9c" }, "PUT"],
    ["acceptNoKey", "ftjob-queued", {}, "POST"],
    ["acceptWrongKey", "ftjob-queued", { "api-key": "x" }, "POST"],
    ["acceptUnknownJob", "ftjob-x", { "api-key": "reference-key-7f3a9c" }, "POST"],
  ])("%s cancels what is refused otherwise, and nothing more", async (name, id, headers, method) => {
    service = await startReferenceService({ [name]: true });
    const { status, body } = await send(pathOf(id), headers, method);
    expect([status, body.id, body.status, Object.keys(body).sort()]).toEqual([200, id, "cancelled", MEMBERS]);
    const others = [
      ["ftjob-queued", { "api-key": service.apiKey }, "PUT"],
      ["ftjob-queued", {}, "POST"],
      ["ftjob-queued", { "api-key": "x" }, "POST"],
      ["ftjob-x", { "api-key": service.apiKey }, "POST"],
    ] as const;
    const statuses = await Promise.all(
      others.map(async (other) => (await send(pathOf(other[0]), other[1], other[2])).status),
    );
    expect(statuses.filter((each) => each === 200)).toHaveLength(1);
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
