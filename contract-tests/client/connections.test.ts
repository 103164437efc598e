import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { ProxyAgent, fetch as undiciFetch } from "undici";
import { createFineTuningClient, type FineTuningClientOptions, type FineTuningError } from "../../src/index.js";
import { JOB } from "./job.js";

/** Failures before a request is sent, and other implementations of fetch, on real sockets. */

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering: RequestListener = (_, response) => {
  response.setHeader("content-type", "application/json").end(JSON.stringify(JOB));
};

/** A proxy that answers CONNECT with a status, and opens the tunnel for 200. */
function proxyOf(status: number): Server {
  return createServer().on("connect", (request, socket, head) => {
    socket.on("error", () => {});
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const [host, port] = String(request.url).split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
}

const cancel = (options: FineTuningClientOptions) =>
  createFineTuningClient({ apiKey: "a-key-for-connections", maxRetries: 0, ...options }).cancel(JOB.id);
const errorOf = (call: Promise<unknown>) => call.catch((error: unknown) => error) as Promise<FineTuningError>;

test("undici.fetch from npm cancels a job", async () => {
  const endpoint = await listen(createServer(answering));
  await expect(cancel({ endpoint, fetch: undiciFetch as never })).resolves.toEqual(JOB);
});

describe("a proxy", () => {
  const through = (proxy: string): FineTuningClientOptions["fetch"] => {
    const dispatcher = new ProxyAgent({ uri: proxy, proxyTunnel: true });
    return (async (url: string, init: object) => {
      try {
        return await undiciFetch(url, { ...init, dispatcher } as never);
      } finally {
        dispatcher.close().catch(() => {});
      }
    }) as never;
  };

  test("that opens the tunnel carries the call", async () => {
    const endpoint = await listen(createServer(answering));
    await expect(cancel({ endpoint, fetch: through(await listen(proxyOf(200))) })).resolves.toEqual(JOB);
  });

  test.each([407, 403, 502])("that refuses the tunnel with %d means that nothing was sent", async (status) => {
    const endpoint = await listen(createServer(answering));
    const error = await errorOf(cancel({ endpoint, fetch: through(await listen(proxyOf(status))) }));
    expect(error).toMatchObject({ name: "ConnectionError", outcome: "not-sent" });
    expect(error.message).toContain(`the proxy refused the tunnel (Proxy response (${status})`);
  });

  test("that cannot be reached means that nothing was sent", async () => {
    const proxy = await listen(createServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const endpoint = await listen(createServer(answering));
    expect(await errorOf(cancel({ endpoint, fetch: through(proxy) }))).toMatchObject({ outcome: "not-sent" });
  });
});

test("a port that fetch blocks means that nothing was sent", async () => {
  const error = await errorOf(cancel({ endpoint: "http://127.0.0.1:6000" }));
  expect(error).toMatchObject({ name: "ConnectionError", outcome: "not-sent" });
  expect(error.message).toContain("fetch blocks this port");
});

test("a URL that is not valid means that nothing was sent", async () => {
  const fetch = () => globalThis.fetch("http://");
  expect(await errorOf(cancel({ endpoint: "http://127.0.0.1:1", fetch }))).toMatchObject({
    name: "ConnectionError",
    outcome: "not-sent",
  });
});

test("a connection that is lost after the request was sent may have cancelled the job, whatever its code", async () => {
  const endpoint = await listen(createServer((request) => void request.socket.destroy()));
  expect(await errorOf(cancel({ endpoint }))).toMatchObject({ name: "ConnectionError", outcome: "unknown" });
});
