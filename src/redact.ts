const MASK = "[redacted]";

/** Takes the given credentials out of whatever a service, a runtime or a callback hands back. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** A credential to look for from now on; one of up to three characters would be found in every text, and guards nothing. */
  add(secret: string): void {
    if (secret.length > 3) this.#secrets.add(secret);
  }

  text(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, MASK);
    return clean;
  }

  /** A parsed JSON value, with its strings and member names cleaned. */
  json(value: unknown): unknown {
    let clean: string;
    try {
      clean = JSON.stringify(value);
    } catch {
      // Nested too deep to look through.
      return MASK;
    }
    // A quote or a backslash in a credential is escaped in JSON text, so it is looked for in that form.
    for (const secret of this.#secrets) clean = clean.replaceAll(JSON.stringify(secret).slice(1, -1), MASK);
    return JSON.parse(clean);
  }

  /** What a `fetch` or a callback threw: the same value, or a clean copy of it where a credential is found inside. */
  cause(cause: unknown): unknown {
    if (!this.#foundIn(cause, new Set())) return cause;
    const { message, code } =
      cause instanceof Error ? (cause as Error & { code?: unknown }) : { message: String(cause), code: undefined };
    const copy = new Error(this.text(message));
    return typeof code === "string" ? Object.assign(copy, { code: this.text(code) }) : copy;
  }

  #foundIn(value: unknown, seen: Set<unknown>): boolean {
    if (typeof value === "string") return this.text(value) !== value;
    if (typeof value !== "object" || value === null || seen.has(value)) return false;
    seen.add(value);
    // More than this is no plain error: do not hand on what was not looked through.
    if (seen.size > 1_000) return true;
    try {
      if (value instanceof Headers || value instanceof Map)
        return [...value].some((entry) => this.#foundIn(entry, seen));
      // Inspecting a request prints its headers, though they are no property of its own.
      if (value instanceof Request && this.#foundIn(value.headers, seen)) return true;
      return Reflect.ownKeys(value).some(
        (key) => this.#foundIn(String(key), seen) || this.#foundIn(Reflect.get(value, key), seen),
      );
    } catch {
      return true;
    }
  }
}
