/** Error bodies, in the shapes that services and gateways send. */

/** What an error body says. */
export interface ErrorBody {
  message: string | undefined;
  code: string | undefined;
  param: string | undefined;
  type: string | undefined;
}

/**
 * Reads an error body in every shape that was observed: `{error:{code,message,param,type}}`, the same with
 * `innererror`, `{error:"…"}`, flat `{statusCode,message}`, `{detail}`, and RFC 9457 problem details.
 */
export function readErrorBody(body: unknown): ErrorBody {
  const outer = toRecord(body);
  const error = toRecord(outer.error);
  const inner = toRecord(error.inner_error ?? error.innererror);
  return {
    // A flat body with both has its reason in `message`, and the name of the status in `error`.
    message: firstText(
      error.message,
      inner.message,
      outer.message,
      outer.error,
      outer.detail,
      outer.title,
      toDetails(outer.detail),
    ),
    code: firstText(error.code, outer.code, inner.code, outer.statusCode),
    param: firstText(error.param, outer.param),
    type: firstText(error.type, outer.type),
  };
}

/** FastAPI gives `detail` as a list of `{ msg }`. */
function toDetails(detail: unknown): string | undefined {
  return Array.isArray(detail) ? detail.map((each) => firstText(toRecord(each).msg, each)).join("; ") : undefined;
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function firstText(...values: unknown[]): string | undefined {
  const found = values.find((value) => (typeof value === "string" && value.trim() !== "") || typeof value === "number");
  return found === undefined ? undefined : String(found);
}
