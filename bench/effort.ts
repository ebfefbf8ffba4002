/** How much is measured: little to try the measurement itself, enough for figures to quote. */
export interface Effort {
  readonly name: "quick" | "full";
  /** Rounds in which every server is measured once, in turn. */
  readonly rounds: number;
  /** How long each measurement takes. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** How long whoever answers orders is warmed up: a larger program is compiled for longer. */
  readonly compileSeconds: number;
  /** Deliveries in a journal that is full. */
  readonly deliveries: number;
  /** How many requests an executable is loaded with on each number of connections, at least. */
  readonly loadedRequests: number;
}

/** On how many connections those are loaded that keep what they answer. */
export const KEPT_CONNECTIONS: readonly number[] = [1, 8, 32, 128];

/** For trying. */
export const QUICK: Effort = {
  name: "quick",
  rounds: 1,
  seconds: 1,
  warmUpSeconds: 1,
  compileSeconds: 1,
  deliveries: 20_000,
  loadedRequests: 1000,
};

/** For figures. */
export const FULL: Effort = {
  name: "full",
  rounds: 3,
  seconds: 2,
  warmUpSeconds: 2,
  compileSeconds: 10,
  deliveries: 1_000_000,
  loadedRequests: 40_000,
};
