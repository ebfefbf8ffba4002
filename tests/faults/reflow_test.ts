import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openJournal } from "../../lib/journal/sqlite/open.ts";
import { startProgram, temporaryFolder } from "../e2e/program.ts";
import { DEADLINE_MS } from "../e2e/waits.ts";
import { startCountingReceiver } from "./counting_receiver.ts";
import { type Memory, memoryOf } from "./memory.ts";
import { EMPORIX_SECRET, EVENT_COUNT, sendReflow } from "./reflow.ts";

/** More than four bodies on their way need, with all that the runtime has not yet let go of. */
const MOST_BYTES = 1_610_612_736;

function configOf(receiver: string): object {
  const forward = ["erp"];
  const emporix = { type: "emporix", secrets: [EMPORIX_SECRET] };
  return {
    endpoints: [
      { path: "/ultracart", kind: "ultracart.events", auth: { type: "none" }, forward },
      { path: "/emporix", kind: "emporix.events", auth: emporix, forward },
    ],
    destinations: {
      erp: {
        type: "http",
        url: receiver,
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        ratePerSecond: 10_000,
        concurrency: 64,
      },
    },
  };
}

Deno.test("a reflow is taken in without a refusal, and all of it reaches the receiver", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "journal.db");
  await using receiver = startCountingReceiver();
  await using program = await startProgram({
    config: configOf(receiver.url),
    env: { STOREHOOK_JOURNAL_PATH: path },
  });
  const before = await memoryOf(program.pid);
  const startedAt = performance.now();
  const statuses = await sendReflow(program);
  const takenInAt = performance.now();
  const leftOver = EVENT_COUNT - receiver.count();
  assertEquals([...statuses.keys()], [204]);
  await receiver.reached(EVENT_COUNT, DEADLINE_MS + 20 * EVENT_COUNT);
  const drainedAt = performance.now();
  const after = await memoryOf(program.pid);
  program.kill("SIGTERM");
  assertEquals((await program.status).code, 0);
  const journal = openJournal(path, { readOnly: true });
  const { waiting, failed } = (await journal.outbox.counts()).get("erp") ??
    { waiting: 0, failed: 0 };
  await journal.close();
  assertEquals({ waiting, failed, got: receiver.count() }, {
    waiting: 0,
    failed: 0,
    got: EVENT_COUNT,
  });
  if (before !== undefined && after !== undefined) {
    assert(after.peak < MOST_BYTES, `${after.peak} bytes were resident`);
    tell({
      takenInMs: takenInAt - startedAt,
      drainedMs: drainedAt - takenInAt,
      leftOver,
      repeats: receiver.requests() - EVENT_COUNT,
      before,
      after,
    });
  }
});

/** What was measured, where there is enough to measure. */
function tell({ takenInMs, drainedMs, leftOver, repeats, before, after }: Measured): void {
  if (EVENT_COUNT < 100_000) return;
  const mebibytes = (bytes: number) => Math.round(bytes / 1_048_576);
  const rate = (count: number, ms: number) => Math.round(count / ms * 1000);
  console.log(
    `${EVENT_COUNT} events were taken in at ${rate(EVENT_COUNT, takenInMs)} a second while ` +
      `${EVENT_COUNT - leftOver} of them were forwarded; the other ${leftOver} at ` +
      `${rate(leftOver, drainedMs)} a second, ${repeats} of all twice. The memory was ` +
      `${mebibytes(before.now)} MiB before, ${mebibytes(after.peak)} at the most, and ` +
      `${mebibytes(after.now)} after.`,
  );
}

interface Measured {
  readonly takenInMs: number;
  readonly drainedMs: number;
  /** How many had not been forwarded when all were taken in. */
  readonly leftOver: number;
  readonly repeats: number;
  readonly before: Memory;
  readonly after: Memory;
}
