import type { Registry } from "../metrics/registry.ts";

/** One transaction of the journal. */
export interface MeteredCommit {
  readonly durationMs: number;
  /** How many changes it held: deliveries, and what a worker writes. */
  readonly changes: number;
  /** Whether they are on disk. */
  readonly stored: boolean;
}

/** The journal, as far as it is watched. */
export interface WatchedJournal {
  /** The path of its file. */
  readonly path: string;
  state(): { readonly writable: boolean };
}

/** Tells how the journal fares. */
export interface JournalMeter {
  /** Counts a transaction. */
  committed(commit: MeteredCommit): void;
  /** Looks at this journal whenever metrics are read. */
  watch(journal: WatchedJournal): void;
}

const DURATIONS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const SIZES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** What the file of a SQLite database is called, and what stands beside it. */
const FILES = [["database", ""], ["log", "-wal"]] as const;

/**
 * Makes the meter of the journal.
 *
 * @param registry Where its metrics are added.
 * @returns The meter.
 */
export function createJournalMeter(registry: Registry): JournalMeter {
  const durations = registry.histogram({
    name: "storehook_journal_commit_duration_seconds",
    help: "How long transactions of the journal took until they were on disk.",
    buckets: DURATIONS,
  }).child({});
  const sizes = registry.histogram({
    name: "storehook_journal_commit_changes",
    help: "How many changes were stored in one transaction.",
    buckets: SIZES,
  }).child({});
  const failures = registry.counter({
    name: "storehook_journal_commit_failures_total",
    help: "Transactions of the journal that could not be stored.",
  }).child({});
  const writable = registry.gauge({
    name: "storehook_journal_writable",
    help: "1 while the journal can be written, else 0: then requests are answered with 503.",
  }).child({});
  const bytes = registry.gauge({
    name: "storehook_journal_file_bytes",
    help: "What the files of the journal take: the database, and the log that is written first.",
    labels: ["file"],
  });
  let watched: WatchedJournal | undefined;

  registry.collect(async () => {
    if (watched === undefined) return;
    const { path, state } = watched;
    writable.set(state().writable ? 1 : 0);
    const sizesNow = await Promise.all(FILES.map(([, suffix]) => sizeOf(`${path}${suffix}`)));
    bytes.clear();
    for (const [index, [file]] of FILES.entries()) {
      const size = sizesNow[index];
      if (size !== undefined) bytes.child({ file }).set(size);
    }
  });

  return {
    committed({ durationMs, changes, stored }) {
      if (!stored) return failures.inc();
      durations.observe(durationMs / 1000);
      sizes.observe(changes);
    },
    watch(journal) {
      watched = journal;
    },
  };
}

/** The size of a file that went is missing, and not 0: the state tells what that means. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch {
    return undefined;
  }
}
