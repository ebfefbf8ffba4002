import type { Options } from "../terminal/options.ts";

/** A span of time; both ends are open unless given. */
interface Span {
  readonly since?: number;
  readonly until?: number;
}

/**
 * Reads the options that choose by time.
 *
 * @param options The command's arguments.
 * @returns The span, in milliseconds since the epoch.
 */
export function readSpan(options: Options): Span {
  const since = options.number("since");
  const until = options.number("until");
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/**
 * Reads options whose values are taken as they are.
 *
 * @param options The command's arguments.
 * @param names Their names, which are those of the fields.
 * @returns The fields that are given.
 */
export function readTexts<Name extends string>(
  options: Options,
  names: readonly Name[],
): { readonly [_ in Name]?: string } {
  const fields: { [_ in Name]?: string } = {};
  for (const name of names) {
    const value = options.text(name);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}
