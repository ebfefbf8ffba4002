import { log } from "../observe/log.ts";
import type { Journal } from "./journal.ts";

/** How long deliveries are kept, and how much of them. */
export interface RetentionLimits {
  readonly retentionDays: number;
  readonly maxBytes: number;
}

/** A retention that runs. */
export interface Retention {
  /** Keeps to other limits from now on. */
  change(limits: RetentionLimits): void;
  /** Runs no further step; resolves when the one under way is done. */
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;
/** A request waits for one step at the most. */
const STEP_BUDGET_MS = 5;
const PAUSE_BETWEEN_STEPS_MS = 100;
const PAUSE_BETWEEN_ROUNDS_MS = 600_000;

/**
 * Removes in the background what is too old or too much, in steps that a request hardly notices.
 *
 * @param journal The journal; it is pruned at once and then every ten minutes.
 * @param first How much is kept.
 */
export function keepRetention(journal: Journal, first: RetentionLimits): Retention {
  let limits = first;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let step: Promise<unknown> = Promise.resolve();

  function plan(pauseMs: number): void {
    if (isStopped) return;
    timer = setTimeout(() => step = run(), pauseMs);
  }

  async function run(): Promise<void> {
    try {
      const { done } = await journal.prune({
        olderThanMs: limits.retentionDays * DAY_MS,
        maxBytes: limits.maxBytes,
        budgetMs: STEP_BUDGET_MS,
      });
      plan(done ? PAUSE_BETWEEN_ROUNDS_MS : PAUSE_BETWEEN_STEPS_MS);
    } catch (error) {
      log.warn("Cannot prune the journal: {error}", { error });
      plan(PAUSE_BETWEEN_ROUNDS_MS);
    }
  }

  plan(0);
  return {
    change(next) {
      if (next.retentionDays === limits.retentionDays && next.maxBytes === limits.maxBytes) return;
      limits = next;
      clearTimeout(timer);
      // The step that runs has planned its next one when it ends.
      step = step.then(() => {
        clearTimeout(timer);
        plan(0);
      });
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await step;
    },
  };
}
