/** A proxy that tunnels every connection to one local port, whatever host it is asked for. */
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";

export interface Tunnel {
  readonly url: string;
  /** The hosts and ports that it was asked for. */
  readonly asked: readonly string[];
  close(): void;
}

export async function startTunnel(port: number): Promise<Tunnel> {
  const asked: string[] = [];
  const proxy = createServer().on("connect", ({ url }, client) => {
    asked.push(url ?? "");
    const service = connect(port, "127.0.0.1", () => client.write("HTTP/1.1 200 OK\r\n\r\n"));
    service.pipe(client).pipe(service);
    for (const socket of [service, client]) socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked, close: () => void proxy.close() };
}
