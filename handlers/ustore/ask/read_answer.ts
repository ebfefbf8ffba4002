import type * as z from "zod";
import { withPlainNumbers } from "../../../lib/util/exact_json.ts";
import { WrongAnswer } from "../../../lib/services/failure.ts";

const LONGEST_PLACE = 60;

/**
 * Reads an answer by its schema.
 *
 * @param schema The form of uStore's answer.
 * @param document The answer of a service.
 * @returns What the schema makes of it, with plain numbers.
 * @throws {WrongAnswer} When it has another form. The reason names the first place alone: a value
 * may be about a person.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import * as z from "zod";
 * import { WrongAnswer } from "../../../lib/services/failure.ts";
 *
 * const schema = z.object({ total: z.number() });
 * assertThrows(
 *   () => readAnswer(schema, { total: "a lot" }),
 *   WrongAnswer,
 *   'answered in another form than uStore\'s, at "total"',
 * );
 * ```
 */
export function readAnswer<Output>(schema: z.ZodType<Output>, document: unknown): Output {
  const { data, error } = schema.safeParse(withPlainNumbers(document));
  if (error === undefined) return data;
  const place = error.issues[0]?.path.map(String).join(".").slice(0, LONGEST_PLACE) ?? "";
  const where = place === "" ? "" : `, at ${JSON.stringify(place)}`;
  throw new WrongAnswer(`answered in another form than uStore's${where}`);
}
