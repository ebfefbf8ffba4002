/** A day, minute by minute. */
import type { Cost, Costs } from "./costs.ts";

/** What a day brings. */
export interface Scenario {
  readonly name: string;
  readonly deliveries: number;
  /** Events that each delivery brings, and forwards of each event. */
  readonly eventsPerDelivery: number;
  readonly forwardsPerEvent: number;
  /** The busiest minute over the average one. */
  readonly peak: number;
}

/** What there is. */
export interface Machines {
  /** Cores that an instance uses: its program has one thread that answers. */
  readonly instanceCores: number;
  readonly databaseCores: number;
  readonly diskBytesPerSecond: number;
  readonly syncsPerSecond: number;
}

/** What a day came to. */
export interface Played {
  readonly peakPerSecond: number;
  /** Instances that are needed in the busiest minute, three quarters busy each. */
  readonly instances: number;
  readonly databaseCores: number;
  readonly logBytesPerSecond: number;
  readonly storedBytes: number;
  /** What is used up first, and by how much. */
  readonly first: string;
}

/** The days that are asked about. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "1,000 stores, an ordinary day",
    deliveries: 5_000_000,
    eventsPerDelivery: 0.5,
    forwardsPerEvent: 1.5,
    peak: 4,
  },
  {
    name: "a sale day of 100 million deliveries",
    deliveries: 100_000_000,
    eventsPerDelivery: 0.2,
    forwardsPerEvent: 1.5,
    peak: 5,
  },
  {
    name: "a reflow of 10 million events within an hour",
    deliveries: 1_000_000,
    eventsPerDelivery: 10,
    forwardsPerEvent: 1,
    peak: 24,
  },
];

const MINUTES = 24 * 60;
/** Beyond it, whoever comes waits for long. */
const BUSY_AT_MOST = 0.75;

/**
 * Plays a day.
 *
 * @param scenario What it brings.
 * @param costs What each thing costs.
 * @param machines What there is.
 * @returns What it came to.
 */
export function play(scenario: Scenario, costs: Costs, machines: Machines): Played {
  const one = costOfOne(scenario, costs);
  let peakPerSecond = 0;
  let storedBytes = 0;
  for (let minute = 0; minute < MINUTES; minute++) {
    const deliveries = scenario.deliveries / MINUTES * loadAt(minute, scenario.peak);
    peakPerSecond = Math.max(peakPerSecond, deliveries / 60);
    storedBytes += deliveries * one.storedBytes;
  }
  const databaseCores = peakPerSecond * one.databaseMicros / 1e6;
  const logBytesPerSecond = peakPerSecond * one.logBytes;
  const parts: readonly (readonly [string, number])[] = [
    ["the database's processor", databaseCores / machines.databaseCores],
    // What is logged is written to the tables, too.
    ["the database's disk", 2 * logBytesPerSecond / machines.diskBytesPerSecond],
    ["syncs", peakPerSecond * one.syncs / machines.syncsPerSecond],
  ];
  const [first] = parts.toSorted(([, a], [, b]) => b - a);
  const needed = peakPerSecond * one.instanceMicros / 1e6 / machines.instanceCores;
  return {
    peakPerSecond,
    instances: Math.max(2, Math.ceil(needed / BUSY_AT_MOST) + 1),
    databaseCores,
    logBytesPerSecond,
    storedBytes,
    first: first === undefined ? "" : `${first[0]}, ${Math.round(100 * first[1])} %`,
  };
}

/**
 * Adds up what a delivery costs with all that it brings.
 *
 * @param scenario What it brings.
 * @param costs What each thing costs.
 */
export function costOfOne(
  { eventsPerDelivery, forwardsPerEvent }: Pick<
    Scenario,
    "eventsPerDelivery" | "forwardsPerEvent"
  >,
  { delivery, event, forward }: Costs,
): Cost {
  const forwards = eventsPerDelivery * forwardsPerEvent;
  const sum = (of: (cost: Cost) => number) =>
    of(delivery) + eventsPerDelivery * of(event) + forwards * of(forward);
  return {
    instanceMicros: DECIDE_MICROS + sum(({ instanceMicros }) => instanceMicros),
    databaseMicros: sum(({ databaseMicros }) => databaseMicros),
    logBytes: sum(({ logBytes }) => logBytes),
    storedBytes: sum(({ storedBytes }) => storedBytes),
    syncs: sum(({ syncs }) => syncs),
  };
}

/** What a request costs an instance beside its journal: HTTP, signatures, rules; see the bench. */
const DECIDE_MICROS = 150;

/** One bell a day with this peak over the average, and a little of it at all times. */
export function loadAt(minute: number, peak: number): number {
  const width = MINUTES / peak / Math.sqrt(2 * Math.PI);
  const distance = minute - MINUTES / 2;
  const base = 0.05;
  return base + (1 - base) * peak * Math.exp(-(distance ** 2) / (2 * width ** 2));
}
