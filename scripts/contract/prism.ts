/** Prism in this process: as a mock server, and as a validator of recorded responses. */
import { createLogger } from "@stoplight/prism-core";
// Deep imports, because the package as a whole takes longer to load; its version is exact.
import { getHttpOperationsFromSpec } from "@stoplight/prism-http/dist/utils/operations.js";
import { validateOutput } from "@stoplight/prism-http/dist/validator/index.js";
import type { IPrismHttpServer } from "@stoplight/prism-http-server/dist/types.js";
import { toPointer } from "../../src/violations.js";
import type { Document } from "./document.js";
import { remembered } from "./remembered.js";

export interface Prism {
  /** Where it listens, on loopback: `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a document's examples on a port that the system picks. `Prefer: code=…, example=…` chooses the response.
 * Prism silently ignores a schema that it cannot compile, so compile them all first (`readContract` does).
 */
export async function startPrism(document: Document): Promise<Prism> {
  // Loaded here, because it takes half a second, and those who only validate do not need it.
  const { createServer } = await import("@stoplight/prism-http-server");
  const server = createServer(await operationsOf(document), {
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
  answerWhatIsThrown(server.prism);
  return { url: await server.listen(0, "127.0.0.1"), close: () => server.close() };
}

/**
 * Prism throws for some parts of a contract that it cannot carry out, such as a parameter of the style `label`, where nothing
 * catches it. This makes it an answer with status 500.
 */
function answerWhatIsThrown(prism: IPrismHttpServer["prism"]): void {
  const { request } = prism;
  prism.request =
    (...args) =>
    async () => {
      try {
        return await request(...args)();
      } catch (error) {
        return { _tag: "Left", left: error as Error };
      }
    };
}

/** Remembered, because Prism compiles the schemas of each operation that is new to it. It dereferences documents in place. */
const operationsOf = remembered((document: Document) => getHttpOperationsFromSpec(structuredClone(document)));

/** One thing that Prism reports about a response. */
export interface Diagnostic {
  /** `body`, or `response` for the status, the media type and the headers. */
  readonly about: "body" | "response";
  /** Where in the body, as a JSON pointer; empty for the whole body, and for a response. */
  readonly pointer: string;
  readonly message: string;
}

export interface ParsedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, or the text of a body that is not JSON. */
  readonly body: unknown;
}

/**
 * A function that validates responses of the document's one operation as Prism does, without a server. Warnings, such as
 * an undeclared status, are reported like errors.
 */
export async function createPrismValidator(document: Document): Promise<(response: ParsedResponse) => Diagnostic[]> {
  const [resource] = await operationsOf(document);
  const isNamed = (type: string) => JSON.stringify(document.paths).includes(JSON.stringify(type));
  return ({ status, headers: sent, body }) => {
    const headers = withoutEmptyParameters(sent);
    // Prism takes every media type that ends in +json for application/json.
    const based = /^[^;]*\+json(?=\s*(?:;|$))/i.exec(headers["content-type"] ?? "")?.[0].toLowerCase();
    if (based !== undefined && !isNamed(based))
      return [{ about: "response", pointer: "", message: `The media type ${based} is not in the contract` }];
    let result: ReturnType<typeof validateOutput>;
    try {
      result = validateOutput({ resource, element: { statusCode: status, headers, body } } as never);
    } catch (error) {
      // Prism throws for a content type that it cannot parse.
      return [{ about: "response", pointer: "", message: (error as Error).message }];
    }
    if (result._tag === "Right") return [];
    return result.left.map(({ message, path: [about, ...steps] = [] }) =>
      about === "body" ? { about, pointer: toPointer(steps), message } : { about: "response", pointer: "", message },
    );
  };
}

/** RFC 9110, section 5.6.6, admits `application/json;`, which Prism cannot parse. */
function withoutEmptyParameters(headers: ParsedResponse["headers"]): ParsedResponse["headers"] {
  const type = headers["content-type"];
  if (type === undefined) return headers;
  const [mediaType, ...parameters] = type.split(";");
  return { ...headers, "content-type": [mediaType, ...parameters.filter((each) => each.trim() !== "")].join(";") };
}
