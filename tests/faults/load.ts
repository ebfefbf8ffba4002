/** Load on a real server, and what it acknowledged. */
import { KEY, PATHS, sample } from "../e2e/delivery.ts";
import { createChanges } from "../e2e/waits.ts";
import { hmacOf } from "../hmac.ts";

/** What a load has seen so far. */
export interface Load {
  /** The request ids of the deliveries that were answered 200. */
  readonly acknowledged: Set<string>;
  /** How many answers had another status. */
  readonly refused: Map<number, number>;
  /** How many requests got no answer at all. */
  broken(): number;
  /** Sends no more; resolves when nothing is under way. */
  stop(): Promise<void>;
  /**
   * Resolves when so many were acknowledged.
   *
   * @throws {Error} When they were not within a minute.
   */
  reached(count: number): Promise<void>;
}

/** How often a scenario is repeated: few times with all other tests, more in `task test:faults`. */
export const ROUNDS = Number(Deno.env.get("STOREHOOK_FAULT_ROUNDS") ?? "2");

const CONNECTIONS = 8;

/**
 * Sends approvals, one after the other on each of several connections, until it is stopped.
 *
 * @param url Where the server listens.
 * @param name What the request ids begin with.
 * @param key The key that signs.
 */
export function startLoad(url: string, name: string, key: string = KEY): Load {
  const body = sample("order_approval");
  const signature = hmacOf("SHA-512", key, body);
  const acknowledged = new Set<string>();
  const refused = new Map<number, number>();
  let isStopped = false;
  let broken = 0;
  const { happened, until } = createChanges();

  async function sendOne(id: string): Promise<void> {
    const response = await fetch(`${url}${PATHS.order_approval}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Signature": await signature,
        "X-Request-Id": id,
      },
      body,
    });
    await response.arrayBuffer();
    if (response.status === 200) acknowledged.add(id);
    else refused.set(response.status, (refused.get(response.status) ?? 0) + 1);
    happened();
  }

  async function sendMany(connection: number): Promise<void> {
    for (let turn = 0; !isStopped; turn++) {
      try {
        await sendOne(`${name}-${connection}-${turn}`);
      } catch {
        // The server was killed: what had no answer is not acknowledged.
        broken++;
        happened();
        return;
      }
    }
  }

  const running = Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => sendMany(index)));
  return {
    acknowledged,
    refused,
    broken: () => broken,
    async stop() {
      isStopped = true;
      await running;
    },
    async reached(count) {
      const soFar = () => `${acknowledged.size} were acknowledged, ${broken} connections broke`;
      const isThere = () => acknowledged.size >= count;
      await until(`${count} answers`, () => isThere() || broken === CONNECTIONS, { soFar });
      if (!isThere()) throw new Error(`Cannot reach ${count}: ${soFar()}`);
    },
  };
}
