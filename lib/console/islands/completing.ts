/// <reference lib="dom" />
import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";

type Fields = Readonly<Record<string, string>>;

/** What rules may speak of, as the page gives it. */
interface GivenVocabulary {
  readonly types: Readonly<Record<string, Fields>>;
  readonly variables: Fields;
}

function fieldsIn(value: unknown): Fields {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, type]) => [name, String(type)]));
}

/**
 * Reads the vocabulary that the page gives.
 *
 * @param text As JSON.
 */
export function readVocabulary(text = "{}"): GivenVocabulary {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return { types: {}, variables: {} };
  const types: unknown = Reflect.get(value, "types");
  return {
    types: Object.fromEntries(
      Object.entries(types ?? {}).map(([name, fields]) => [name, fieldsIn(fields)]),
    ),
    variables: fieldsIn(Reflect.get(value, "variables")),
  };
}

/** The path that is being written. */
const PATH = /(?:[A-Za-z_]\w*\.)*\w*$/;
/** `order.items.exists(item, …`: what such a name stands for. */
const BOUND = /([\w.]+)\.(?:all|exists|exists_one|filter|map)\(\s*(\w+)\s*,/g;

/**
 * Makes what completes fields within the texts of rules.
 *
 * @param vocabulary What rules may speak of.
 */
export function completeFields(
  { types, variables }: GivenVocabulary,
): (context: CompletionContext) => CompletionResult | null {
  function typeOf(path: readonly string[], names: Fields): string | undefined {
    const [first = "", ...rest] = path;
    return rest.reduce<string | undefined>(
      (type, field) => type === undefined ? undefined : types[type]?.[field],
      names[first],
    );
  }

  return ({ state, pos, explicit }) => {
    const { from, text } = state.doc.lineAt(pos);
    const before = text.slice(0, pos - from);
    const quotes = before.replaceAll(/\\./g, "").split('"').length - 1;
    // Only within a text, and there only behind the name of a setting.
    if (quotes % 2 === 0 || !/"\s*:\s*(?:\[.*)?"[^"]*$/.test(before.replaceAll(/\\./g, ""))) {
      return null;
    }
    const [path = ""] = PATH.exec(before) ?? [];
    if (path === "" && !explicit) return null;
    const parts = path.split(".");
    const last = parts.pop() ?? "";
    const names: Record<string, string> = { ...variables };
    for (const [, list = "", name = ""] of before.matchAll(BOUND)) {
      const item = /^list<(.+)>$/.exec(typeOf(list.split("."), names) ?? "")?.[1];
      if (item !== undefined) names[name] = item;
    }
    const type = parts.length === 0 ? undefined : typeOf(parts, names);
    const fields = parts.length === 0 ? names : types[type ?? ""] ?? {};
    const options = Object.entries(fields).map(([label, detail]): Completion => ({
      label,
      detail,
      type: parts.length === 0 ? "variable" : "property",
    }));
    return options.length === 0 ? null : { from: pos - last.length, options, validFor: /^\w*$/ };
  };
}
