import type { Wanted } from "../../../decide/shape_error.ts";
import type { ProblemCode } from "../problem.ts";

/** The languages that every message exists in. */
export type Language = "en" | "de" | "fr" | "es" | "he";

/**
 * All texts of one language.
 *
 * A shopper may read them at checkout, so they are plain; paths and values stay in, because they
 * are what the store's admin needs. Placeholders are written `{name}`.
 */
export interface Messages {
  /** The message of every error. */
  readonly problems: Readonly<Record<ProblemCode, string>>;
  /** What a field should have been: `{wanted}` of `wrong_shape`. */
  readonly wanted: Readonly<Record<Wanted, string>>;
  /** Says that a field was missing or empty: `{found}` of `wrong_shape`. */
  readonly nothing: string;
}
