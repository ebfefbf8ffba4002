/** The disk of the database is full: shoppers are answered all the time, and nothing is lost. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { deliver } from "../e2e/delivery.ts";
import { runProgram, SHIPPED_CONFIG, startProgram, temporaryFolder } from "../e2e/program.ts";
import { eventually } from "../e2e/waits.ts";
import { canMount } from "../faults/small_disk.ts";
import { noCluster, startCluster } from "./cluster.ts";

const missing = noCluster ?? (canMount ? undefined : "this process may not mount a disk");

Deno.test({
  name: "decisions are answered while the disk of the database is full, and recorded later" +
    (missing === undefined ? "" : ` (skipped: ${missing})`),
  ignore: missing !== undefined,
  async fn() {
    const cluster = await startCluster({
      diskBytes: 150_000_000,
      settings: ["min_wal_size = 32MB", "max_wal_size = 32MB", "shared_buffers = 16MB"],
    });
    await using folder = await temporaryFolder();
    const env = {
      STOREHOOK_JOURNAL_URL: cluster.url(),
      STOREHOOK_JOURNAL_SPOOL: join(folder.path, "spool.db"),
      STOREHOOK_JOURNAL_COMMIT_TIMEOUT_MS: "500",
    };
    const acknowledged: string[] = [];
    await using program = await startProgram({ env });
    const send = async () => {
      const id = `turn-${acknowledged.length}`;
      const { status } = await deliver(program, { headers: { "X-Request-Id": id } });
      assertEquals(status, 200);
      acknowledged.push(id);
    };
    const spooled = async () => {
      const response = await fetch(`${program.adminUrl}/readyz`);
      return (await response.json()).details.spool.deliveries;
    };
    await send();
    assertEquals(await spooled(), 0);
    const ballast = join(cluster.folder, "ballast");
    await fill(ballast);
    await eventually("a decision in the spool", async () => {
      await send();
      return await spooled() > 0;
    });
    for (let turn = 0; turn < 20; turn++) await send();
    await Deno.remove(ballast);
    // Where it could not write its log, the database has ended.
    await cluster.kill().catch(() => undefined);
    await cluster.start();
    await eventually("an empty spool", async () => await spooled() === 0);
    const ran = await runProgram(
      ["deliveries", "list", "--limit", "1000", "--json", "--config", SHIPPED_CONFIG],
      { env },
    );
    assertEquals(ran.code, 0, ran.stderr);
    const ids = ran.stdout.trim().split("\n").map((line) => JSON.parse(line).requestId);
    assertEquals(acknowledged.filter((id) => !ids.includes(id)), []);
    assertEquals(new Set(ids).size, ids.length);
  },
});

/** Until nothing more fits. */
async function fill(file: string): Promise<void> {
  using opened = await Deno.open(file, { write: true, create: true });
  const block = new Uint8Array(65_536);
  try {
    for (;;) await opened.write(block);
  } catch {
    // It is full.
  }
}
