import { memberOf, messageOf } from "./text.js";

const MASK = "[redacted]";
const LEAST_LENGTH = 4;
/** How many objects of a thrown value are looked through, and how many parts of each. More is no plain error. */
const MOST_OBJECTS = 1_000;

/** Finds credentials in whatever a service, a runtime or a callback hands back, and masks them. */
export class Redactor {
  /** The longest first, because one may contain another. */
  readonly #secrets: readonly string[];
  #patterns: readonly (RegExp | string)[] | undefined;

  /** Secrets shorter than four characters are ignored: masking them would make every text unreadable. */
  constructor(secrets: readonly string[]) {
    const found = new Set(secrets.filter((secret) => secret.length >= LEAST_LENGTH));
    this.#secrets = [...found].sort((a, b) => b.length - a.length);
  }

  /** A redactor that knows further secrets. */
  with(...secrets: readonly string[]): Redactor {
    return secrets.every((each) => this.#secrets.includes(each)) ? this : new Redactor([...this.#secrets, ...secrets]);
  }

  text(text: string): string {
    this.#patterns ??= this.#secrets.map(patternOf);
    return this.#patterns.reduce<string>((masked, pattern) => masked.replaceAll(pattern, MASK), text);
  }

  /** A text that breaks off, so that it may end with the beginning of a credential. */
  brokenText(text: string): string {
    const masked = this.text(text);
    for (const secret of this.#secrets)
      for (let length = secret.length - 1; length >= LEAST_LENGTH; length--)
        if (masked.endsWith(secret.slice(0, length))) return masked.slice(0, -length) + MASK;
    return masked;
  }

  /** A parsed JSON value, with its strings, numbers and member names masked. */
  json(value: unknown): unknown {
    const clean = (each: unknown): unknown => {
      if (typeof each === "string") return this.text(each);
      if (Array.isArray(each)) return each.map(clean);
      if (typeof each !== "object" || each === null) return this.text(String(each)) === MASK ? MASK : each;
      return Object.fromEntries(Object.entries(each).map(([name, member]) => [this.text(name), clean(member)]));
    };
    try {
      return clean(value);
    } catch {
      // Nested too deep to look through.
      return MASK;
    }
  }

  /** What a `fetch` or a callback threw: the same value, or a clean copy of it where a credential is found inside. */
  cause(thrown: unknown): unknown {
    try {
      if (!this.#isIn(thrown, new Set())) return thrown;
    } catch {
      // A getter or a proxy that throws can't be searched: treat it as if it held a credential.
    }
    const copy = new Error(this.text(messageOf(thrown)));
    const code = memberOf(thrown, "code");
    return typeof code === "string" ? Object.assign(copy, { code: this.text(code) }) : copy;
  }

  #isIn(value: unknown, seen: Set<unknown>): boolean {
    if (typeof value === "symbol") return this.#isIn(value.description, seen);
    if (typeof value === "number" || typeof value === "bigint") return this.text(String(value)) === MASK;
    if (typeof value === "string") return this.text(value) !== value;
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) return false;
    seen.add(value);
    // Too large to search: treat it as if it held a credential.
    if (seen.size > MOST_OBJECTS) return true;
    if (ArrayBuffer.isView(value)) return this.#isIn(new TextDecoder("latin1").decode(value), seen);
    let parts = 0;
    for (const part of hiddenParts(value)) if (++parts > MOST_OBJECTS || this.#isIn(part, seen)) return true;
    return this.#isInMembers(value, seen);
  }

  #isInMembers(value: object, seen: Set<unknown>): boolean {
    return Reflect.ownKeys(value).some(
      (key) => this.#isIn(String(key), seen) || this.#isIn(Reflect.get(value, key), seen),
    );
  }
}

/** What printing a value shows, though it is no property of its own. */
function* hiddenParts(value: object): Iterable<unknown> {
  // A Request or Response of any package, a URL, and a DOMException, which not everywhere has its message in a stack too.
  yield* ["url", "href", "headers", "message"].map((name) => memberOf(value, name));
  if (value instanceof String || value instanceof RegExp || value instanceof URLSearchParams) yield String(value);
  // Maps, sets and Headers; not a generator, which can be read only once, and has a forEach() from Node 22 on.
  if (typeof memberOf(value, "forEach") === "function" && Symbol.iterator in value && !("next" in value))
    yield* value as Iterable<unknown>;
}

/** Finds a secret in any form; one of many kilobytes only as it stands, because engines refuse a pattern of that length. */
function patternOf(secret: string): RegExp | string {
  try {
    const pattern = new RegExp(inAnyForm(secret), "gi");
    // Compiles it for texts of both kinds.
    for (const text of ["", "\u2028"]) pattern.test(text);
    return pattern;
  } catch {
    return secret;
  }
}

/** A pattern for a secret as it stands, percent-encoded, or escaped as JSON does. */
function inAnyForm(secret: string): string {
  return secret.replace(/\\+|[^a-z\d]/gi, ([character = ""]) => {
    // However many: several that are each optional could be shared out in too many ways.
    if (character === "\\") return "(?:\\\\|%5c|u005c)+";
    const hex = character.charCodeAt(0).toString(16).padStart(2, "0");
    const literal = character === " " ? "[ +]" : character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&");
    return `(?:\\\\{0,7}${literal}|%${hex}|\\\\{1,7}u00${hex})`;
  });
}
