import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { startShadow } from "../../../../lib/cli/serve/shadow.ts";
import { readShadow, shadowFile } from "../../../../lib/trials/shadow_record.ts";
import type { Journal } from "../../../../lib/journal/journal.ts";
import { CONFIG, idAt, START } from "../journal_world.ts";
import { DEADLINE_MS } from "../../../e2e/waits.ts";
import { withFolder } from "../../config/load_text.ts";
import { ORDER } from "../trials/served.ts";

Deno.test("startShadow() counts what it leaves out, and decides the rest before it ends", () =>
  withFolder(async (folder) => {
    const file = join(folder, "new.json");
    await Deno.writeTextFile(file, JSON.stringify(CONFIG));
    const recordFile = shadowFile(join(folder, "journal.db"));
    const counted = new Map<string, number>();
    const shadow = startShadow({ file, recordFile, untouchable: [] }, (result, count) => {
      counted.set(result, (counted.get(result) ?? 0) + count);
    }, DEADLINE_MS);
    let recorded = 0;
    const journal = shadow.watching<Pick<Journal, "record">>({
      record: () => Promise.resolve(void recorded++),
    });
    const body = new TextEncoder().encode(ORDER);
    const answer = new TextEncoder().encode('{"ApprovalGroupId":0,"IsApprovalNeeded":false}');
    await Promise.all(Array.from({ length: 2100 }, (_, index) =>
      journal.record({
        id: idAt(START),
        endpoint: "/approval",
        kind: "ustore.order-approval",
        requestId: `request-${index}`,
        receivedAt: START,
        answeredAt: START,
        remoteAddress: "127.0.0.1",
        // A refused one is none that a rule decided.
        verifiedBy: index === 0 ? null : "key 1",
        status: 200,
        decisions: [{ rule: "small", outcome: { approve: true }, tried: 2, failures: [] }],
        rules: [],
        headers: [],
        ...{ body, answer },
      })));
    await shadow.stop();
    assertEquals(recorded, 2100);
    assertEquals(counted.get("dropped"), 99);
    assertEquals((counted.get("same") ?? 0) + (counted.get("failed") ?? 0), 2000);
    const found = await readShadow(recordFile);
    assertEquals([found?.tally.decided, found?.tally.same, found?.dropped], [2000, 2000, 99]);
  }));
