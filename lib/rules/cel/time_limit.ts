/** How many steps pass between two looks at the clock. */
const STEPS_PER_LOOK = 8;

/** How long the rules of one delivery may take unless the config says otherwise. */
export const DEFAULT_TIME_LIMIT_MS = 250;

/** The rules of a delivery took too long; each that would walk through a list fails from then on. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";

  /** @param limitMs How long they might take. */
  constructor(limitMs: number) {
    super(`the rules took longer than ${limitMs} ms`);
  }
}

/**
 * Ends what takes too long. A condition has no loops but those over lists, so each element is a
 * step, and what costs more than a step has a limit of its own.
 */
export class TimeLimit {
  readonly #limitMs: number;
  #steps = 0;
  #endsAt: number | undefined;
  #exceeded: OutOfTime | undefined;

  /** @param limitMs How long all steps may take, from the first one on. */
  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /**
   * Takes a step.
   *
   * @returns Always `true`, for a condition.
   * @throws {OutOfTime} When there is no time left.
   */
  step(): true {
    // One error for all steps: to make one takes longer than a step.
    if (this.#exceeded !== undefined) throw this.#exceeded;
    if (this.#steps++ % STEPS_PER_LOOK === 0) {
      const now = performance.now();
      this.#endsAt ??= now + this.#limitMs;
      if (now > this.#endsAt) {
        this.#exceeded = new OutOfTime(this.#limitMs);
        throw this.#exceeded;
      }
    }
    return true;
  }
}
