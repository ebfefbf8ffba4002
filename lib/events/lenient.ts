/**
 * The words in which the schemas of events are written. Every field may be missing or `null`, and
 * unknown fields are kept: platforms add fields, and admins leave fields out.
 */
import * as z from "zod";

/** A text. */
export const text = z.string().nullish();

/** A number. */
export const number = z.number().nullish();

/** A number without decimals. */
export const integer = z.int().nullish();

/** True or false. */
export const flag = z.boolean().nullish();

/** An object of which no field is described. */
export const anyObject = z.looseObject({}).nullish();

/**
 * An object with these fields, among others.
 *
 * @param shape The fields.
 * @returns The schema.
 */
export function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject(shape).nullish();
}

/**
 * A list of these.
 *
 * @param element What each is.
 * @returns The schema.
 */
export function listOf<Element extends z.ZodType>(element: Element) {
  return z.array(element).nullish();
}
