/** Where something stands in a config: keys and positions, from the root. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong in a config. */
export interface Mistake {
  readonly path: ConfigPath;
  /** What was found and what is wanted, in one sentence without a final period. */
  readonly message: string;
  /** How to fix it, e.g. the nearest valid name. */
  readonly hint?: string;
}
