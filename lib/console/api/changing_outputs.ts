/** What the routes give by which an admin changes something, for the description of the API. */
import * as z from "zod";
import type { DecidedSide, DeliveryBeside } from "../editing/beside.ts";
import type { EditorView } from "../editing/editor.ts";
import type { BacktestedDraft, SavedDraft } from "../editing/trial.ts";
import type { ComparedVersion } from "../editing/versions.ts";
import { count, described } from "./described.ts";
import { brief, difference, explained } from "./record_outputs.ts";

const mistakes = z.array(z.object({
  ...{ path: z.string(), message: z.string(), hint: z.string().nullable() },
  ...{ line: z.int().nullable(), column: z.int().nullable() },
}));
const fingerprint = z.string().meta({ description: "Of the config file as it is now." });
const lines = z.array(z.object({
  kind: z.enum(["same", "removed", "added"]),
  text: z.string(),
}));
const money = z.record(z.string(), z.string()).meta({
  description: "What these orders cost, by currency.",
});
const saved = described<SavedDraft>({
  fingerprint,
  kept: z.string().meta({ description: "The version before, which is kept." }),
  isServed: z.boolean().meta({ description: "Whether the server has taken it over." }),
});
const side = described<DecidedSide>({
  status: z.int().nullable(),
  sentence: z.string(),
  brief,
  decisions: z.array(explained),
});
const backtest = described<BacktestedDraft>({
  receipt: z.string().meta({ description: "Allows to save this very text for an hour." }),
  since: z.string(),
  ...{ decided: count, otherAnswer: count, otherRule: count, wouldAsk: count, money },
  byRule: z.array(z.object({ then: z.string(), now: z.string(), count, money })),
  oldest: z.string().nullable(),
  newest: z.string().nullable(),
  examples: z.array(difference),
});
const editor = described<EditorView>({
  ...{ endpoint: z.string(), kind: z.string(), rules: z.string(), fingerprint, lines },
  firstLine: count.meta({ description: "The line of the file on which the rules begin." }),
  isChanged: z.boolean().meta({ description: "Whether the file was changed meanwhile." }),
  judged: z.object({
    mistakes: mistakes.meta({ description: "In the lines of the text of the rules." }),
    others: mistakes.meta({ description: "Elsewhere, in the lines of the file." }),
    warnings: mistakes,
    tests: z.object({ passed: count, failed: count, skipped: count }),
  }),
  isBeingJudged: z.boolean().meta({ description: "Never here: only a page does not wait." }),
  beside: described<DeliveryBeside>({
    ...{ id: z.string(), kind: z.string(), receivedAt: z.string() },
    ...{ then: side, now: side.nullable(), isOther: z.boolean() },
  }).nullable().meta({ description: "One delivery, then and by this text." }),
  backtest: backtest.nullable(),
  saved: saved.nullable(),
  refused: z.string().nullable().meta({ description: "Never here: it is an error." }),
  vocabulary: z.record(z.string(), z.unknown()).meta({ description: "What rules may speak of." }),
});
const version = { id: z.string(), replacedAt: z.string(), by: z.string() };
const rotation = z.object({
  endpoint: z.string(),
  step: z.enum(["one key", "new key unseen", "new key seen"]),
  keys: z.array(z.object({ fingerprint: z.string(), lastUsedAt: z.string().nullable() })).meta({
    description: "The new one first.",
  }),
});

/** What each of these routes gives, by its method and path. */
export const CHANGING_OUTPUTS: Readonly<Record<string, z.ZodType>> = {
  "GET /edit/{endpoint...}": editor,
  "POST /edit/{endpoint...}": editor,
  "GET /config/versions": z.object({
    file: z.string(),
    versions: z.array(z.object(version)).meta({ description: "Newest first." }),
  }),
  "GET /config/versions/{id}": described<ComparedVersion>({ ...version, lines, fingerprint }),
  "POST /config/versions/{id}/restore": saved,
  "GET /keys/rotation/{endpoint...}": rotation,
  "POST /keys/rotation/{endpoint...}/add": rotation.extend({
    key: z.string().meta({ description: "The new key, given this once." }),
  }),
  "POST /keys/rotation/{endpoint...}/remove": rotation,
};
