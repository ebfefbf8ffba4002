import { isExactNumber, parseExactJson, textOfNumber } from "../util/json_text.ts";
import { createVocabulary, type Vocabulary } from "../rules/vocabulary.ts";
import type { ReceivedEvent } from "./event.ts";

/** What the filter of a destination sees of an event. */
export const EVENT_VOCABULARY: Vocabulary = createVocabulary({
  types: {
    Event: {
      source: "string",
      type: "string",
      subject: "string",
      fields: "map<string, string>",
      warnings: "list<string>",
    },
  },
  variables: { event: "Event" },
});

/** An event as {@linkcode EVENT_VOCABULARY} describes it. */
export interface EventView {
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** The text of every scalar by its path, as it was sent, e.g. `order_id`, `summary.total.value`, `items.0.sku`. */
  readonly fields: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/**
 * Views an event for a filter. Its payload is parsed when a filter reads `fields`.
 *
 * @param event The event; its payload is valid JSON.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const payload = new TextEncoder().encode('{"order_id":"A-1","summary":{"total":{"value":20.5}}}');
 * const view = viewEvent({
 *   source: "ultracart", type: "order_create", candidates: [], subject: "order/A-1", key: "k",
 *   occurredAt: null, warnings: [], payload,
 * });
 * assertEquals(view.fields.get("summary.total.value"), "20.5");
 * ```
 */
export function viewEvent(event: ReceivedEvent): EventView {
  return new ViewedEvent(event);
}

class ViewedEvent implements EventView {
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly warnings: readonly string[];
  readonly #payload: Uint8Array;

  constructor({ source, type, subject, warnings, payload }: ReceivedEvent) {
    this.source = source;
    this.type = type;
    this.subject = subject;
    this.warnings = warnings;
    this.#payload = payload;
  }

  get fields() {
    const fields = new Map<string, string>();
    collect(parseExactJson(new TextDecoder().decode(this.#payload)), "", fields);
    return fields;
  }
}

function collect(value: unknown, path: string, fields: Map<string, string>): void {
  if (isExactNumber(value)) fields.set(path, textOfNumber(value));
  else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      collect(member, path === "" ? name : `${path}.${name}`, fields);
    }
  } else if (value !== null) fields.set(path, String(value));
}
