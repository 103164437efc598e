/** What a check found: a place where a contract or an exchange is not as it should be. */
export interface Finding {
  /** The name of the check. */
  readonly check: string;
  /** `known-drift`: accepted, not documented. `violation`: neither. */
  readonly verdict: "violation" | "known-drift";
  /** Where, as a JSON pointer into the document or the body. */
  readonly pointer: string;
  /** What the page says. */
  readonly documented?: string;
  /** What the accepted contract says. */
  readonly accepted?: string;
  /** The type that arrived. */
  readonly actual?: string;
  /** What is wrong, in words. */
  readonly message: string;
  /** For known drift: the description of the overlay action that admits it. */
  readonly action?: string;
}
