import type { CommandEntry, FlagOption, OptionSpec, TextOption } from "../terminal/table.ts";
import {
  BEGINNING_FORM,
  CONFIG,
  ENDPOINT,
  EXPORT_OPTIONS,
  JSON_LINE,
  KIND,
  LIST_OPTIONS,
  loadHandlers,
  timeOptions,
} from "./shared.ts";

const READ_EXITS = { 0: "fine", 1: "the journal can't be read", 2: "wrong usage or config" };
const EXPORT_EXITS = { ...READ_EXITS, 1: "the journal can't be read or FILE can't be written" };

const DELIVERY_FILTER: readonly OptionSpec[] = [
  ENDPOINT,
  KIND,
  ...timeOptions("received"),
  {
    kind: "text",
    name: "status",
    value: "S",
    help: "only with this status: 200, 4xx or 400-499",
    pattern: /^(?:[1-5]\d\d(?:-[1-5]\d\d)?|[1-5]xx)$/i,
    wanted: "e.g. 200, 4xx or 400-499",
  },
  {
    kind: "text",
    name: "text",
    value: "T",
    help: "that holds T in the body, the answer or the request id; a-z match A-Z",
  },
  {
    kind: "text",
    name: "rule",
    value: "NAME",
    help: "only those that this rule decided, or an item of them",
  },
  {
    kind: "text",
    name: "verified-by",
    value: "K",
    help: 'only those that this key verified: its fingerprint, as "check" shows it, or what the ' +
      'journal says, such as "key 1"',
  },
  { kind: "flag", name: "refused", help: "only those that no key verified" },
];

/** `storehook deliveries list`. */
export const deliveriesListEntry: CommandEntry = {
  name: "deliveries list",
  summary: "what was received and answered, newest first",
  about: `Lists the deliveries of the journal, newest first, with the order's number, its total, the
shopper and the answer. Works beside a running server.`,
  options: [
    {
      kind: "text",
      name: "order",
      value: "N",
      help: "only of the order or the cart of this number",
    },
    ...DELIVERY_FILTER,
    ...LIST_OPTIONS,
    {
      kind: "flag",
      name: "follow",
      help: "the newest last, and then each that comes, until Ctrl+C",
    },
  ],
  examples: [
    "storehook deliveries list --order 28604",
    "storehook deliveries list --status 4xx --since 2h",
    'storehook deliveries list --rule "large orders" --since yesterday --json',
    "storehook deliveries list --follow",
  ],
  exits: READ_EXITS,
  load: async () =>
    (await import("../deliveries/list.ts")).deliveriesListCommand(await loadHandlers()),
};

const BODY: FlagOption = {
  kind: "flag",
  name: "body",
  help: "only the bytes that came, exactly as they came",
};

const ANSWER: FlagOption = {
  kind: "flag",
  name: "answer",
  help: "only the bytes that went, exactly as they went",
};

/** `storehook deliveries show`. */
export const deliveriesShowEntry: CommandEntry = {
  name: "deliveries show",
  summary: "one delivery: what came, what went, and why",
  about: `Shows all that the journal holds of a delivery, and rule by rule why it was answered so.
For a refused signature it says how it was made, as "storehook verify" does, with the keys that the
config has for this path now. Works beside a running server.

ID is the delivery's id or ${BEGINNING_FORM}, or a request id, of which the newest delivery is
shown.`,
  words: [{ name: "ID" }],
  options: [BODY, ANSWER, CONFIG, JSON_LINE],
  examples: [
    "storehook deliveries show 01982f3a --body > order.json",
    "storehook verify --key KEY --signature SIGNATURE order.json",
  ],
  exits: { ...READ_EXITS, 1: "there is no such delivery or the journal can't be read" },
  load: async () =>
    (await import("../deliveries/show.ts")).deliveriesShowCommand(await loadHandlers()),
};

/** `storehook deliveries export`. */
export const deliveriesExportEntry: CommandEntry = {
  name: "deliveries export",
  summary: "deliveries with all that is kept of them, as JSON lines or CSV",
  about: `Writes deliveries with their headers, bodies and answers, oldest first. A body that is no
text in UTF-8 is written in Base64. In CSV, what a spreadsheet would take for a formula stands
behind an apostrophe. Works beside a running server.`,
  options: [...EXPORT_OPTIONS, ...DELIVERY_FILTER, CONFIG],
  examples: [
    "storehook deliveries export --since 2026-07-01 --out july.jsonl",
    "storehook deliveries export --endpoint /carts --format csv --out carts.csv",
  ],
  exits: EXPORT_EXITS,
  load: async () =>
    (await import("../deliveries/list.ts")).deliveriesExportCommand(await loadHandlers()),
};

const EVENT_FILTER: readonly OptionSpec[] = [
  { ...ENDPOINT, help: "only of this endpoint, e.g. /emporix" } satisfies TextOption,
  {
    kind: "text",
    name: "source",
    value: "S",
    help: "only of this source: emporix, ultracart, webhooks",
  },
  { kind: "text", name: "type", value: "T", help: "only of this type, e.g. cart.created" },
  { kind: "text", name: "subject", value: "S", help: "only about this, e.g. cart/5c9a" },
  ...timeOptions("received"),
  {
    kind: "text",
    name: "text",
    value: "T",
    help: "that holds T in the payload, the subject or the key; a-z match A-Z",
  },
  { kind: "flag", name: "warnings", help: "only those with warnings" },
];

/** `storehook events list`. */
export const eventsListEntry: CommandEntry = {
  name: "events list",
  summary: "the events that came in, newest first",
  about: "Lists the events of the journal, newest first. Works beside a running server.",
  options: [...EVENT_FILTER, ...LIST_OPTIONS],
  examples: [
    "storehook events list --type cart.created --since 2h",
    "storehook events list --source emporix --warnings",
    "storehook events list --text ann@example.com --json",
  ],
  exits: READ_EXITS,
  load: async () => (await import("../events.ts")).eventsListCommand(await loadHandlers()),
};

/** `storehook events show`. */
export const eventsShowEntry: CommandEntry = {
  name: "events show",
  summary: "one event: what came, and what became of it",
  about: `Shows all that the journal holds of an event: where it came from, what did not fit the
vendor's description, how often it came again, its payload, and each of its forwards with its
attempts. Works beside a running server.

ID is the event's id or ${BEGINNING_FORM}.`,
  words: [{ name: "ID" }],
  options: [CONFIG, JSON_LINE],
  exits: { ...READ_EXITS, 1: "there is no such event or the journal can't be read" },
  load: async () => (await import("../events.ts")).eventsShowCommand(await loadHandlers()),
};

/** `storehook events export`. */
export const eventsExportEntry: CommandEntry = {
  name: "events export",
  summary: "events with their payloads, as JSON lines or CSV",
  about: `Writes events with all that is kept of them, oldest first. A payload that is no text in
UTF-8 is written in Base64. In CSV, what a spreadsheet would take for a formula stands behind an
apostrophe. Works beside a running server.`,
  options: [...EXPORT_OPTIONS, ...EVENT_FILTER, CONFIG],
  examples: [
    "storehook events export --since 2026-07-01 --out july.jsonl",
    "storehook events export --type order_create --format csv --out orders.csv",
  ],
  exits: EXPORT_EXITS,
  load: async () => (await import("../events.ts")).eventsExportCommand(await loadHandlers()),
};
