import { setImmediate } from "node:timers";

/**
 * Has what waits at the same time kept together.
 * @param keep Keeps several deliveries.
 * @param groups How many of them may be under way.
 * @returns What keeps one.
 */
export function keepTogether(keep, groups = 1) {
  let waiting = [];
  let busy = 0;
  let isPlanned = false;

  async function start() {
    isPlanned = false;
    if (waiting.length === 0 || busy === groups) return;
    // While others may be under way, half of what waits is left to the next.
    const group = waiting.splice(0, Math.ceil(waiting.length / (groups - busy)));
    busy++;
    plan();
    await keep(group.map(({ delivery }) => delivery));
    busy--;
    for (const { resolve } of group) resolve();
    plan();
  }

  function plan() {
    if (isPlanned || waiting.length === 0 || busy === groups) return;
    isPlanned = true;
    setImmediate(start);
  }

  return (delivery) =>
    new Promise((resolve) => {
      waiting.push({ delivery, resolve });
      plan();
    });
}
