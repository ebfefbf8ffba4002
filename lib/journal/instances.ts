/** Processes that share a journal. */

/** One process that serves with a journal. */
export interface Instance {
  /** A name of its own, made at its start. */
  readonly id: string;
  /** The name of its machine. */
  readonly host: string;
  readonly version: string;
  /** A hash of what its config says; `""` while none was told. */
  readonly config: string;
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
  /** How long ago it was heard of, in milliseconds. */
  readonly silentMs: number;
  /** Whether it is this one. */
  readonly isThis: boolean;
  /**
   * By how much its clock is ahead of that of what they share, in milliseconds; negative where it is
   * behind. Missing where the two are together, and for others than this one.
   */
  readonly clockAheadMs?: number;
}

/** What an instance says of itself. */
export type InstanceFacts = Pick<Instance, "host" | "version" | "config">;

/**
 * Tells what is wrong between instances that share a journal.
 *
 * @param instances All that were heard of lately.
 * @returns A sentence for each thing that should not be.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const one = { id: "1", host: "a", version: "1", config: "x", startedAt: 0, silentMs: 0, isThis: true };
 * assertEquals(contradictions([one, { ...one, id: "2" }]), []);
 * assertEquals(contradictions([one, { ...one, id: "2", host: "b", config: "y" }]), [
 *   "the instances have different configs: x on a, y on b",
 * ]);
 * ```
 */
export function contradictions(instances: readonly Instance[]): readonly string[] {
  const told = instances.filter(({ config }) => config !== "");
  return [
    differing("configs", told, ({ config }) => config),
    differing("versions", instances, ({ version }) => version),
  ].flat();
}

/**
 * Tells which clocks differ from that of the database.
 *
 * @param instances All that were heard of lately.
 * @returns A sentence for each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const one = { id: "1", host: "a", version: "1", config: "x", startedAt: 0, silentMs: 0, isThis: true };
 * assertEquals(clocksApart([one]), []);
 * assertEquals(clocksApart([{ ...one, clockAheadMs: -4210 }]), [
 *   "the clock of a is 4.2 s behind that of the database",
 * ]);
 * ```
 */
export function clocksApart(instances: readonly Instance[]): readonly string[] {
  return instances.flatMap(({ host, clockAheadMs = 0 }) => {
    if (clockAheadMs === 0) return [];
    const side = clockAheadMs > 0 ? "ahead of" : "behind";
    return [`the clock of ${host} is ${secondsApart(clockAheadMs)} s ${side} that of the database`];
  });
}

/**
 * Tells by how many seconds clocks differ, to a tenth.
 *
 * @param aheadMs By how much one is ahead of the other, in milliseconds; negative where it is behind.
 */
export function secondsApart(aheadMs: number): number {
  return Math.round(Math.abs(aheadMs) / 100) / 10;
}

function differing(
  what: string,
  instances: readonly Instance[],
  of: (instance: Instance) => string,
): readonly string[] {
  const hosts = new Map<string, string[]>();
  for (const instance of instances) {
    hosts.set(of(instance), [...hosts.get(of(instance)) ?? [], instance.host]);
  }
  if (hosts.size < 2) return [];
  const list = [...hosts].map(([value, on]) => `${value} on ${[...new Set(on)].join(", ")}`);
  return [`the instances have different ${what}: ${list.join(", ")}`];
}
