/** Of what the description of the API is made. */
import * as z from "zod";

/**
 * Describes a record field by field. One that has a field of which nothing is said does not compile.
 *
 * @param fields What each field holds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const rule = described<{ name: string; hits?: number }>({
 *   name: z.string(),
 *   hits: z.int().optional(),
 * });
 * assertEquals(rule.parse({ name: "large orders" }), { name: "large orders" });
 * ```
 */
export function described<Owner extends object>(
  fields: { readonly [Name in keyof Owner]-?: z.ZodType },
): z.ZodObject {
  return z.object(fields);
}

/** A time. */
export const time = z.string().meta({ description: "In ISO 8601, in UTC." });
/** A time, or that there is none. */
export const timeOrNull = time.nullable();
/** How many. */
export const count = z.int().min(0);
/** Where a list goes on. */
export const next = z.string().nullable().meta({
  description: "The cursor of the next page; null behind the end.",
});
/** Where a list goes on, and how far it was looked. */
export const howFar = {
  next,
  lookedBackTo: timeOrNull.meta({
    description: "Back to when it was looked, where the search stopped because its time was up.",
  }),
};
/** How bytes are written. */
export const encoding = z.enum(["utf-8", "base64"]).meta({
  description: "How bytes are written: as text where they are UTF-8, else in Base64.",
});
