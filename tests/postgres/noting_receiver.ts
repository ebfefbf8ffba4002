import { serveHttp } from "../e2e/http_server.ts";
import { createChanges } from "../e2e/waits.ts";

/** A receiver of stages of orders, that fails and comes back, and notes what came. */
export interface NotingReceiver extends AsyncDisposable {
  readonly url: string;
  /** The stages of each order, in the order in which they were taken. */
  readonly stages: ReadonlyMap<string, readonly number[]>;
  /** Orders of which a stage came while another was under way. */
  readonly overlaps: readonly string[];
  /** How many stages came, each counted once. */
  readonly arrived: () => number;
  /** Waits until so many have come; only as long as further ones do. */
  readonly untilArrived: (count: number) => Promise<void>;
  /** Fails with whatever comes, until it is told to come back. */
  readonly fail: () => void;
  readonly comeBack: () => void;
}

/** How long it takes for one. */
const TAKES_MS = 5;
/** Every so many requests it fails for once. */
const FAILS_EVERY = 17;
/** What must come before patience ends. */
const SOME = 500;

/** Starts one. */
export function startNotingReceiver(): NotingReceiver {
  const stages = new Map<string, number[]>();
  const overlaps: string[] = [];
  const running = new Set<string>();
  const { happened, until } = createChanges();
  let requests = 0;
  let arrived = 0;
  let isDown = false;

  function note(order: string, stage: number): void {
    const list = stages.get(order) ?? [];
    if (!list.includes(stage)) arrived++;
    list.push(stage);
    stages.set(order, list);
    happened();
  }

  const server = serveHttp(async (request) => {
    const { order_id: order, current_stage: text } = await request.json();
    if (running.has(order)) overlaps.push(`${order} ${text}`);
    running.add(order);
    await new Promise((resolve) => setTimeout(resolve, TAKES_MS));
    running.delete(order);
    if (isDown || ++requests % FAILS_EVERY === 0) return new Response(null, { status: 500 });
    note(order, Number(text.slice(1)));
    return new Response(null, { status: 204 });
  });
  return {
    url: server.url,
    stages,
    overlaps,
    arrived: () => arrived,
    async untilArrived(count) {
      while (arrived < count) {
        const next = Math.min(count, arrived + SOME);
        await until(`${next} forwards`, () => arrived >= next, { soFar: () => `${arrived}` });
      }
    },
    fail: () => void (isDown = true),
    comeBack: () => void (isDown = false),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
