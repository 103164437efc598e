/** Prism, embedded: it serves a document's examples, and judges what it is asked and what it answers. */
import { createLogger } from "@stoplight/prism-core";
import { getHttpOperationsFromSpec } from "@stoplight/prism-http";
// A deep import: the version of the package is exact.
import { validateOutput } from "@stoplight/prism-http/dist/validator/index.js";
import { createServer } from "@stoplight/prism-http-server";
import type { Document } from "./document.js";

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

/** What Prism finds wrong with an answer. */
export interface Diagnostic {
  /** A JSON pointer into the body; empty when the answer as a whole is meant. */
  readonly pointer: string;
  readonly message: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** The parsed body, or its text. */
  readonly body: unknown;
}

/**
 * Prism's verdict on recorded answers of the one operation of a document, with nothing of Prism's on the wire. Its
 * warnings, an undeclared status for instance, count as the rest.
 */
export async function makeJudge(document: Document): Promise<(answer: Answer) => Diagnostic[]> {
  const [resource] = await getHttpOperationsFromSpec(structuredClone(document));
  return ({ status, headers, body }) => {
    let verdict: ReturnType<typeof validateOutput>;
    try {
      verdict = validateOutput({ resource, element: { statusCode: status, headers, body } } as never);
    } catch (error) {
      // It throws at a content type that it cannot parse.
      return [{ pointer: "", message: (error as Error).message }];
    }
    if (verdict._tag === "Right") return [];
    return verdict.left.map(({ message, path = [] }) => ({
      pointer:
        path[0] === "body"
          ? path
              .slice(1)
              .map((step) => `/${step}`)
              .join("")
          : "",
      message,
    }));
  };
}
