/** Text from outside, made fit for a message or a line on a console. */

/** How much of a text from outside a message shows, in characters. */
const EXCERPT_LENGTH = 200;

/** White space and control characters, and the invisible ones that hide or reorder text on a terminal. */
const UNPRINTABLE = /[\s\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu;

/** The text on one line, without control characters, cut to `length` characters. */
export function oneLine(text: string, length = EXCERPT_LENGTH): string {
  // What is cut away is not looked through: a hostile text may have a megabyte.
  const clean = text
    .slice(0, 20 * length)
    .replace(UNPRINTABLE, " ")
    .trim();
  return clean.length > length ? `${clean.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…` : clean;
}

/** As {@link oneLine}, for a body: an HTML page is shown by its title, or without its markup. */
export function excerpt(text: string): string {
  const start = text.slice(0, 20 * EXCERPT_LENGTH);
  const title = /<title\b[^>]*>([^<]*)</i.exec(start)?.[1] ?? "";
  if (title.trim() !== "") return oneLine(title);
  return oneLine(start.replace(/<(script|style)\b.*?<\/\1\s*>|<[^>]*>/gis, " "));
}

/** A text with a full stop at its end, unless it ends as a sentence already. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** What a thrown value says of itself; whatever was thrown, this doesn't throw. */
export function messageOf(thrown: unknown): string {
  if (thrown === undefined || thrown === null) return "";
  const message = memberOf(thrown, "message");
  if (typeof message === "string") return message;
  try {
    return String(thrown);
  } catch {
    return "";
  }
}

/** A member of a value that may be anything, a getter that throws included; `undefined` where there is none. */
export function memberOf(value: unknown, name: PropertyKey): unknown {
  try {
    return (value as Record<PropertyKey, unknown> | null | undefined)?.[name];
  } catch {
    return undefined;
  }
}
