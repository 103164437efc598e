/** A server on raw sockets that does what a script says, to the byte, and keeps what reached it. */
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";

/** What becomes of one request; of a connection, when the step is `atOnce`. */
export type Step = ((socket: Socket, request: string) => void) & { atOnce?: true };

export interface FaultServer {
  readonly port: number;
  /** The head of each request that reached it, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Listens on loopback. The n-th request is answered by the n-th step, and later ones by the last. */
export function startFaultServer(steps: readonly Step[], tls = false): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let taken = 0;
  const next = (): Step => steps[Math.min(taken++, steps.length - 1)] as Step;

  const onConnection = (socket: Socket) => {
    sockets.add(socket);
    // A client that gives up resets the connection, and that is no error of this server.
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    const coming = steps[Math.min(taken, steps.length - 1)];
    if (coming?.atOnce) return next()(socket, "");
    let head = "";
    socket.on("data", (chunk) => {
      head += chunk.toString("latin1");
      // A request of this operation has no body.
      for (let end = head.indexOf("\r\n\r\n"); end >= 0; end = head.indexOf("\r\n\r\n")) {
        const request = head.slice(0, end);
        head = head.slice(end + 4);
        requests.push(request);
        next()(socket, request);
      }
    });
  };
  const server: Server = tls
    ? createTlsServer(selfSigned(), onConnection).on("tlsClientError", () => {})
    : createServer(onConnection);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        requests,
        close: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((closed) => server.close(() => closed()));
        },
      });
    });
  });
}

function selfSigned() {
  const pem = readFileSync("contract-tests/client/self-signed.pem", "utf8");
  return { key: pem, cert: pem };
}

/** Writes the parts and leaves the connection open. */
export const write = (...parts: (string | Buffer)[]): Step => {
  return (socket) => {
    for (const part of parts) socket.write(part);
  };
};

/** Writes the parts and closes the connection. */
export const writeAndClose = (...parts: (string | Buffer)[]): Step => {
  return (socket) => {
    for (const part of parts) socket.write(part);
    socket.end();
  };
};

/** Writes the parts, waits until they are out, and resets the connection. */
export const writeAndReset = (...parts: (string | Buffer)[]): Step => {
  return (socket) => {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    if (bytes.length === 0) socket.resetAndDestroy();
    // A reset discards bytes that were not read yet: wait 20 ms so that the client has read them.
    else socket.write(bytes, () => setTimeout(() => socket.resetAndDestroy(), 20));
  };
};

/** Takes the connection and ends it, before any request. */
export const closeAtOnce: Step = Object.assign((socket: Socket) => socket.destroy(), { atOnce: true } as const);

/** A byte every few ms, for ever. */
export const drip = (head: string): Step => {
  return (socket) => {
    socket.write(head);
    const timer = setInterval(() => socket.write(" "), 5);
    socket.on("close", () => clearInterval(timer));
  };
};

export type Headers = Record<string, string | readonly string[]>;

/** The text of an answer's head. */
export function head(status: number | string, headers: Headers = {}): string {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => `${name}: ${each}`));
  return [`HTTP/1.1 ${status}${typeof status === "number" ? " X" : ""}`, ...lines, "", ""].join("\r\n");
}

/** A whole answer: JSON unless `headers` say otherwise, with its length. */
export const answer = (status: number, body: string | Buffer | object = "", headers: Headers = {}): Step => {
  const bytes =
    typeof body === "string" ? Buffer.from(body) : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return write(
    head(status, { "content-type": "application/json", "content-length": String(bytes.length), ...headers }),
    bytes,
  );
};
