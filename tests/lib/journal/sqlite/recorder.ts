/**
 * Records under load until it is killed, and prints each id as it is acknowledged: the other half
 * of `kill_test.ts`. Usage: recorder.ts JOURNAL
 */
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { delivery, refusal } from "../samples.ts";

const LANES = 32;
const [path = ""] = Deno.args;
const journal = openJournal(path, { refused: { count: 50, bodyBytes: 100 } });
const encoder = new TextEncoder();

async function lane(): Promise<never> {
  for (let count = 0;; count++) {
    const each = delivery({ body: new Uint8Array(count % 9000) });
    await journal.record(each);
    Deno.stdout.writeSync(encoder.encode(`${each.id}\n`));
    if (count % 10 === 0) await journal.record(refusal());
    if (count % 500 === 0) void journal.prune({ maxBytes: 1e9, budgetMs: 5 });
  }
}

await Promise.all(Array.from({ length: LANES }, lane));
