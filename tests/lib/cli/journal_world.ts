import { join } from "@std/path";
import { main } from "../../../lib/cli/mod.ts";
import type { Delivery } from "../../../lib/journal/delivery.ts";
import type { Journal } from "../../../lib/journal/journal.ts";
import { openJournal } from "../../../lib/journal/sqlite/open.ts";
import { withFolder } from "../config/load_text.ts";
import { type FakeTerminal, fakeTerminal } from "./fake_terminal.ts";

/** The key of every endpoint of {@linkcode CONFIG}. */
export const KEY = "a-signature-key-of-the-store";

/** When the deliveries of a test begin, in milliseconds since the epoch. */
export const START = Date.parse("2026-07-14T09:30:00Z");

/** A config with an endpoint of each kind. */
export const CONFIG = {
  server: { port: 18_080 },
  journal: { path: "kept/journal.db" },
  endpoints: [
    {
      path: "/approval",
      kind: "ustore.order-approval",
      signatureKeys: ["another-key", KEY],
      rules: [
        { name: "large", when: "order.total > 500.0", then: { group: 7 } },
        { name: "small", when: "order.total > 1.0", then: { approve: true } },
      ],
      otherwise: { customConfig: true },
    },
    {
      path: "/manufacturer",
      kind: "ustore.manufacturer",
      signatureKeys: [KEY],
      manufacturers: { hanover: 2, dallas: 1 },
      otherwise: { customConfiguration: true },
    },
    { path: "/cart", kind: "ustore.cart-export", signatureKeys: [KEY] },
  ],
};

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder with a config and a journal. */
export interface JournalWorld {
  readonly folder: string;
  readonly journalFile: string;
  /** Writes a config beside the first one and gives its path. */
  config(name: string, config: unknown): Promise<string>;
  /** Works with the journal as the server would. */
  write<T>(work: (journal: Journal) => Promise<T>): Promise<T>;
  /** Records deliveries, one second after the other, and gives them as they were recorded. */
  record(...deliveries: readonly Partial<Delivery>[]): Promise<readonly Delivery[]>;
  /** Runs a command line with the config. */
  run(...args: readonly string[]): Promise<Ran>;
  /** The same before somebody who answers each question so. */
  runAnswering(confirms: boolean, ...args: readonly string[]): Promise<Ran>;
}

/** Runs with a config and a journal that are gone afterwards. */
export async function withJournal(test: (world: JournalWorld) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const journalFile = join(folder, "kept", "journal.db");
    await Deno.writeTextFile(file, JSON.stringify(CONFIG));
    async function write<T>(work: (journal: Journal) => Promise<T>): Promise<T> {
      const journal = openJournal(journalFile);
      try {
        return await work(journal);
      } finally {
        await journal.close();
      }
    }
    async function run(terminal: FakeTerminal, args: readonly string[]): Promise<Ran> {
      const hasConfig = args.includes("--config");
      const code = await main([...args, ...(hasConfig ? [] : ["--config", file])], terminal);
      return { code, out: terminal.output(), err: terminal.errors() };
    }
    await test({
      folder,
      journalFile,
      write,
      async config(name, config) {
        const path = join(folder, name);
        await Deno.writeTextFile(path, JSON.stringify(config));
        return path;
      },
      async record(...deliveries) {
        const whole = deliveries.map((delivery, index) => delivered(delivery, index));
        await write((journal) => Promise.all(whole.map((one) => journal.record(one))));
        return whole;
      },
      run: (...args) => run(fakeTerminal(), args),
      runAnswering: (confirms, ...args) => run(fakeTerminal({ confirms }), args),
    });
  });
}

/** Bytes of a text. */
export function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

let ids = 0;

/** An id as one that was made at that time; what is made of ids later is greater. */
export function idAt(moment: number): string {
  const time = moment.toString(16).padStart(12, "0");
  const end = (++ids).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${end}`;
}

/** Fills up a delivery. */
function delivered(delivery: Partial<Delivery>, index: number): Delivery {
  const receivedAt = delivery.receivedAt ?? START + index * 1000;
  return {
    id: idAt(receivedAt + 3),
    endpoint: "/approval",
    kind: "ustore.order-approval",
    requestId: `request-${index}`,
    receivedAt,
    answeredAt: receivedAt + 3,
    remoteAddress: "127.0.0.1",
    verifiedBy: "key 2",
    status: 200,
    decisions: [{ rule: "small", outcome: { approve: true }, tried: 2, failures: [] }],
    rules: [{ name: "large" }, { name: "small" }],
    headers: [["content-type", "application/json"]],
    body: bytes(`{"number":${index}}`),
    answer: bytes('{"ApprovalGroupId":0,"IsApprovalNeeded":false}'),
    ...delivery,
  };
}
