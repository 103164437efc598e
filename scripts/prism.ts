/** Prism, embedded: it serves a document's examples, and judges what it is asked and what it answers. */
import { createLogger } from "@stoplight/prism-core";
import { getHttpOperationsFromSpec } from "@stoplight/prism-http";
import { createServer } from "@stoplight/prism-http-server";
import type { Document } from "./sources.js";

export interface Prism {
  /** Where it listens, on loopback: `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a document on a port that the system picks. `Prefer: code=…, example=…` chooses the answer.
 * Prism says nothing about a schema that it cannot compile, so compile them all first (`readContract` does).
 */
export async function startPrism(document: Document): Promise<Prism> {
  // Dereferencing changes the document it is given.
  const operations = await getHttpOperationsFromSpec(structuredClone(document));
  const server = createServer(operations, {
    components: { logger: createLogger("prism", { level: "silent" }) },
    cors: false,
    config: {
      isProxy: false,
      checkSecurity: true,
      validateRequest: true,
      validateResponse: true,
      errors: false,
      mock: { dynamic: false },
    },
  } as never);
  return { url: await server.listen(0, "127.0.0.1"), close: () => server.close() };
}
