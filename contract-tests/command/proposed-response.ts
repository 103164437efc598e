/** Drafts the overlay action that would admit an error response whose body is not JSON, for its status alone. */
import type { Action, Contract, ResponseObject } from "../../scripts/contract/document.js";
import { bodyOf, type RecordedResponse } from "../service/exchange.js";
import { operationOf } from "../spec/differences.js";
import { page } from "../tables/page.js";

/** What there is no draft for. */
export const BY_HAND = "must be admitted by hand";

/** The action; or why there is none: for a success, a body that is JSON, or a media type that is there already. */
export function proposeResponse(response: RecordedResponse, { accepted }: Contract): Action | string {
  const { status, headers, text } = response;
  const [declared = ""] = (headers["content-type"] ?? "").toLowerCase().split(";");
  // The contract writes a response without a body as an empty text.
  const mediaType = text === "" ? "text/plain" : declared.trim();
  if (status < 400 || bodyOf(response) !== undefined || !/^text\/[\w.+-]+$/.test(mediaType)) return BY_HAND;
  const responses: Record<string, ResponseObject> = operationOf(accepted)?.responses ?? {};
  const own = responses[status];
  if (!responses.default || own?.content[mediaType]) return BY_HAND;
  const media = { [mediaType]: { schema: { type: "string", ...(text === "" && { maxLength: 0 }) } } };
  const target = `$.paths['${page.path}'].${page.method}.responses`;
  const seen = text === "" ? "has no body" : `is ${mediaType}`;
  const description = `An error answer with status ${status} ${seen} (say where, and how often).`;
  if (own) return { target: `${target}['${status}'].content`, description, update: media };
  const { headers: usual, content } = responses.default;
  const json = { "application/json": { schema: content["application/json"]?.schema } };
  const update = { description: `Say what status ${status} means.`, headers: usual, content: { ...json, ...media } };
  return { target, description, update: { [status]: update } };
}
