import type { Handler } from "../../../handlers/handler.ts";
import type { ForwardState } from "../../forward/outbox.ts";
import type {
  ChoiceOption,
  FlagOption,
  Listed,
  QuantityOption,
  TextOption,
} from "../terminal/table.ts";

/** The kinds of webhooks, with all their code. */
export async function loadHandlers(): Promise<readonly Handler[]> {
  return (await import("../../../handlers/mod.ts")).handlers;
}

/** What a first config holds. */
export async function loadSampleConfig() {
  return (await import("../../../handlers/ustore/sample_config.ts")).sampleConfig;
}

/** The kinds with what each is for. */
export async function listKinds(): Promise<readonly Listed[]> {
  return (await loadHandlers()).map(({ kind, summary }) => [kind, summary]);
}

/** Which config is used. */
export const CONFIG: TextOption = {
  kind: "text",
  name: "config",
  value: "FILE",
  isFile: true,
  help: 'the config, found as "serve" finds it',
};

/** The result for machines. */
export const JSON_LINE: FlagOption = { kind: "flag", name: "json", help: "as one line of JSON" };

/** Who is not asked. */
export const YES: FlagOption = { kind: "flag", name: "yes", help: "does not ask" };

/** The shopper's language. */
export const LANGUAGE: TextOption = {
  kind: "text",
  name: "language",
  value: "CODE",
  help: "the shopper's language, for messages",
  pattern: /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i,
  refuse: "Cannot use language",
  wanted: "a code such as fr or de-AT",
};

/** A signature key on the command line. */
export const KEY: TextOption = {
  kind: "text",
  name: "key",
  value: "K",
  help: "the signature key, exactly as the store has it",
};

/** A signature key in a variable. */
export const KEY_ENV: TextOption = {
  kind: "text",
  name: "key-env",
  value: "NAME",
  help: "the environment variable that holds it: keeps it out of the shell's history",
};

/** Which endpoint. */
export const ENDPOINT: TextOption = {
  kind: "text",
  name: "endpoint",
  value: "PATH",
  help: "only of this endpoint, e.g. /ustore/order-approval",
};

/** Which kind. */
export const KIND: TextOption = {
  kind: "text",
  name: "kind",
  value: "KIND",
  help: "only of this kind, e.g. ustore.order-approval",
};

/**
 * The options that choose by time.
 *
 * @param what What happened at that time, e.g. `received`.
 */
export function timeOptions(what: string): readonly [since: QuantityOption, until: QuantityOption] {
  return [
    {
      kind: "time",
      name: "since",
      value: "T",
      help: `${what} at T or later: a date or time of this machine or with a zone, how long ago, ` +
        "or a day: 2026-07-14, 2026-07-14T09:30, 2026-07-14T09:30Z, 30m, 2h, 3d, today, " +
        "yesterday, monday",
    },
    { kind: "time", name: "until", value: "T", help: `${what} before T` },
  ];
}

/** The options of every list. */
export const LIST_OPTIONS = [
  {
    kind: "number",
    name: "limit",
    value: "N",
    help: "how many at most, 1 to 10000",
    min: 1,
    max: 10_000,
    preset: 50,
    refuse: "Cannot list",
  },
  { kind: "text", name: "cursor", value: "C", help: "continues a list, as its end says" },
  { ...JSON_LINE, help: "one line of JSON for each" },
  CONFIG,
] as const;

/** The options of every export. */
export const EXPORT_OPTIONS: readonly [format: ChoiceOption, out: TextOption] = [
  {
    kind: "one-of",
    name: "format",
    value: "F",
    help: "jsonl, a line of JSON for each, or csv",
    choices: ["jsonl", "csv"],
    preset: "jsonl",
    refuse: "Cannot write",
    wanted: "--format jsonl or csv",
  },
  {
    kind: "text",
    name: "out",
    value: "FILE",
    isFile: true,
    help: "where to write instead of standard output; never overwrites a file",
  },
];

/** How something is named by its id. */
export const BEGINNING_FORM = "its beginning, eight digits or more";

/** Where a forward may stand. */
export const FORWARD_STATES: readonly ForwardState[] = [
  "waiting",
  "delivered",
  "failed",
  "cancelled",
];
