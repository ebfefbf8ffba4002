import type { Terminal } from "./command.ts";
import { formatCount } from "./format_count.ts";

/** Shows on a terminal how far long work has come. */
export interface Progress {
  /** Tells how much is done. Cheap: it may be called for every piece. */
  step(done: number): void;
  /** Takes the line away. */
  end(): void;
}

const FIRST_AFTER_MS = 500;
const EVERY_MS = 100;
const CLEAR_LINE = "\r\x1b[K";

/**
 * Starts to show progress, where standard error is a terminal. Short work shows nothing.
 *
 * @param what What is done, e.g. `Deciding again`.
 * @param terminal Where it is shown.
 * @param total How much there is to do, when that is known.
 * @param clock Milliseconds that always increase.
 */
export function startProgress(
  what: string,
  terminal: Pick<Terminal, "err" | "showsProgress">,
  total?: number,
  clock: () => number = () => performance.now(),
): Progress {
  if (!terminal.showsProgress) return { step() {}, end() {} };
  let next = clock() + FIRST_AFTER_MS;
  let isShown = false;
  return {
    step(done) {
      const now = clock();
      if (now < next) return;
      next = now + EVERY_MS;
      isShown = true;
      terminal.err(`${CLEAR_LINE}${what}: ${howFar(done, total)}`);
    },
    end() {
      if (isShown) terminal.err(CLEAR_LINE);
    },
  };
}

function howFar(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return formatCount(done);
  const percent = Math.min(100, Math.floor(done / total * 100));
  return `${formatCount(done)} of ${formatCount(total)} (${percent} %)`;
}
