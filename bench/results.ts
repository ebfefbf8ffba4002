import type { Compared } from "./approval/compare.ts";
import type { Paced } from "./approval/paced.ts";
import type { ThreadCosts } from "./approval/threads.ts";
import type { Effort } from "./effort.ts";
import type { ExecutableComparison } from "./executable/compare.ts";
import type { ForwardingRow } from "./forwarding/compare.ts";
import type { Point } from "./growth/curve.ts";
import type { JournalGrowth } from "./growth/journals.ts";
import type { IngestionRow } from "./ingestion/compare.ts";
import type { SigningCost } from "./load/signed.ts";

/** Everything that one run has measured. */
export interface Results {
  readonly effort: Effort;
  /** Those that have what they answer on disk, on this machine. */
  readonly kept: Compared;
  /** Those that have it in PostgreSQL; absent where there is none. */
  readonly postgres: Compared | undefined;
  /** Those that keep nothing. */
  readonly bare: Compared;
  /** At half of the program's top load. */
  readonly paced: Paced;
  readonly threads: readonly ThreadCosts[];
  readonly signing: SigningCost;
  readonly ingestion: readonly IngestionRow[];
  readonly forwarding: readonly ForwardingRow[];
  readonly items: readonly Point[];
  readonly rules: readonly Point[];
  readonly journal: JournalGrowth;
  /** Absent where executables cannot be made. */
  readonly executables: ExecutableComparison | undefined;
}
