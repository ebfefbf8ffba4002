import * as z from "zod";
import { mistakeInUrl } from "./postgres/hosts.ts";
import { filePath, milliseconds } from "../util/settings.ts";

/** `journal`: what is kept of every delivery, and where. */
export const journalSection = z.strictObject({
  path: filePath.default("data/journal.db").meta({
    description: "The file of the journal. A relative path starts at the folder of the config.",
  }),
  url: z.string().regex(
    /^postgres(?:ql)?:\/\/[^\s]+$/i,
    "wanted postgres://user:password@host:5432/database",
  ).superRefine((url, context) => {
    const message = mistakeInUrl(url);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  }).optional().meta({
    description: "A database of PostgreSQL in the place of the file, for several instances: " +
      "`postgres://user:password@host:5432/database`, several hosts divided by commas. See " +
      "docs/postgres.md.",
  }),
  caFile: filePath.optional().meta({
    description:
      "Certificates in PEM by which the database is known; with them the connection is " +
      "encrypted. A relative path starts at the folder of the config.",
  }),
  spool: filePath.default("data/spool.db").meta({
    description: "With `url`: the file that keeps decisions which the database does not take in " +
      "time. Each instance needs its own. A relative path starts at the folder of the config.",
  }),
  commitTimeoutMs: milliseconds.default(1500).meta({
    description: "With `url`: how long the database may take for a commit before a decision is " +
      "kept in the spool, in milliseconds.",
  }),
  spoolEvents: z.boolean().default(false).meta({
    description:
      "With `url`: whether events are kept in the spool too. Else they are answered with " +
      "503 while the database takes none, so that their sender tries again.",
  }),
  retentionDays: z.int().min(1).max(36_500).default(90).meta({
    description: "How many days a delivery stays in the journal.",
  }),
  maxBytes: z.int().min(10_485_760).default(10_737_418_240).meta({
    description:
      "How large the journal may grow with its log, in bytes; before it does, the oldest " +
      "that is done goes.",
  }),
  maxWaitingBytes: z.int().min(1_048_576).optional().meta({
    description:
      "How much may wait for one destination, in bytes; beyond it the oldest that waits " +
      "there is given up. Unless given, half of `maxBytes`.",
  }),
  repeatWindowHours: z.number().min(0).max(8760).default(48).meta({
    description: "How many hours an event that comes again may be a retry of the one before, so " +
      "that it is counted and not forwarded. With 0 every event is kept.",
  }),
});
