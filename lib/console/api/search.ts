/** What routes are asked with: the same names as the options of the commands. */
import * as z from "zod";
import type { ForwardState } from "../../forward/outbox.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "../../util/timestamp.ts";

const STATES = [
  "waiting",
  "delivered",
  "failed",
  "cancelled",
] as const satisfies readonly ForwardState[];

/** An id, as it is copied. */
export const recordId = z.string().trim().toLowerCase().max(64);

/** An endpoint as it stands in a URL, with its first slash or without. */
export const endpointPath = z.string().max(2000)
  .transform((path) => path.startsWith("/") ? path : `/${path}`);

/** An empty field of a form asks for nothing. */
function given<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => value === "" ? undefined : value, schema.optional());
}

/** A text that is sought. */
export const soughtText = given(z.string().max(1000));

/** A time, as commands take it. */
export const soughtTime = given(
  z.string().max(100).transform((text, { issues }) => {
    const time = parseTimestamp(text, Date.now());
    if (time !== undefined) return time;
    issues.push({ code: "custom", input: text, message: `wanted ${TIMESTAMP_FORMS}` });
    return z.NEVER;
  }),
).meta({ type: "string", description: `A time: ${TIMESTAMP_FORMS}.` });

/** A status, a range, or hundreds: `503`, `400-499`, `4xx`. */
export const soughtStatus = given(
  z.string().regex(/^(?:[1-5]\d\d(?:-[1-5]\d\d)?|[1-5]xx)$/i, "wanted 503, 400-499 or 4xx")
    .transform((text): readonly [number, number] => {
      if (/xx$/i.test(text)) {
        const from = Number(text.slice(0, 1)) * 100;
        return [from, from + 99];
      }
      const [first = text, last = first] = text.split("-");
      return [Number(first), Number(last)];
    }),
).meta({ type: "string", description: "A status, a range or hundreds: 503, 400-499, 4xx." });

/** Yes or no; a box of a form that is checked says `on`. */
export const soughtFlag = given(
  z.enum(["true", "false", "on", "1", "0"]).transform((text) => text !== "false" && text !== "0"),
).meta({ type: "boolean" });

/** Which part of a list. */
export const listPart = {
  limit: given(z.coerce.number().int().min(1).max(500)).transform((limit) => limit ?? 50)
    .meta({ type: "integer", minimum: 1, maximum: 500, description: "How many; 50 unless given." }),
  cursor: soughtText.meta({ description: "`next` of the page before." }),
};

/** Where a forward stands. */
export const soughtState = given(z.enum(STATES));

/**
 * Leaves out what is not given.
 *
 * @param object An object.
 * @returns The same without the fields that are `undefined`.
 */
export function givenOnly<Fields extends object>(
  object: Fields,
): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined);
  // What is left has no undefined fields; that those may be missing, optional fields say.
  return Object.fromEntries(entries) as {
    [Name in keyof Fields]: Exclude<Fields[Name], undefined>;
  };
}
