/**
 * The forms of a uStore document, for the description of all HTTP: the order XML turned into JSON.
 *
 * They describe and judge nothing: a field is judged when a rule reads it, by `views/fields.ts`.
 */
import * as z from "zod";

const attributed = z.looseObject({ "#text": z.string().optional() });

/** A scalar. */
export const text = z.union([z.string(), z.number(), z.boolean(), z.null(), attributed]).meta({
  id: "UStoreText",
  description: "Text. Beside attributes it is `#text`; empty is null, an empty text or missing.",
}).optional();

/** A number. */
export const decimal = z.union([z.string(), z.number(), z.null(), attributed]).meta({
  id: "UStoreDecimal",
  description: 'A decimal, mostly as text: "15.3705000000". Beside attributes it is `#text`.',
}).optional();

const empty = z.union([z.null(), z.string().regex(/^\s*$/)]);

/**
 * An element that may be empty or missing. Children that are not listed are left alone.
 *
 * @param children Those that are read.
 * @returns The schema.
 */
export function element<Shape extends z.ZodRawShape>(children: Shape) {
  return z.union([z.looseObject(children), empty]).optional();
}

/**
 * An element that can repeat: a list below its name or, when single, an object.
 *
 * @param name The name of the repeated element.
 * @param one What is read of each.
 * @returns The schema.
 */
export function many(name: string, one: z.ZodType) {
  const several = z.array(z.union([one, empty]));
  return z.union([
    z.looseObject({ [name]: z.union([several, one, empty]).optional() }),
    several,
    empty,
  ])
    .optional();
}
