import type { Effort } from "./effort.ts";
import type { Row } from "./approval/compare.ts";
import type { Paced } from "./approval/paced.ts";
import type { ExecutableComparison } from "./executable/compare.ts";
import type { SigningCost } from "./load/signed.ts";
import type { Point } from "./growth/curve.ts";
import type { JournalGrowth } from "./growth/journals.ts";

/** Everything that one run has measured. */
export interface Results {
  readonly effort: Effort;
  readonly throughput: readonly Row[];
  /** The most memory that each contender ever had, in MiB, by its name. */
  readonly peakMiB: ReadonlyMap<string, number>;
  /** At half of the top load of two contenders. */
  readonly paced: readonly Paced[];
  readonly signing: SigningCost;
  readonly items: readonly Point[];
  readonly rules: readonly Point[];
  readonly journal: JournalGrowth;
  /** Absent where executables cannot be made. */
  readonly executables: ExecutableComparison | undefined;
}
