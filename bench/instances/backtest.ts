import { fromFileUrl, join } from "@std/path";
import * as z from "zod";
import orderApproval from "../../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { newDeliveryId } from "../../lib/journal/delivery.ts";
import { openSharedJournal } from "../../lib/journal/postgres/open.ts";
import { makeWeeks } from "../../lib/journal/postgres/weeks.ts";
import { integerColumn } from "../../lib/journal/columns.ts";
import { PERMISSION_FLAGS } from "../../release/permissions.ts";
import { startCluster } from "../../tests/postgres/cluster.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));
const SHIPPED_CONFIG = fromFileUrl(new URL("../../config.json", import.meta.url));
const encoder = new TextEncoder();
const DAY_MS = 24 * 3_600_000;
const DAYS = 14;

/** What a backtest came to. */
export interface BacktestMeasured {
  readonly seconds: number;
  readonly perSecond: number;
  /** What the database takes. */
  readonly storedBytes: number;
}

/**
 * Fills a database with order approvals of two weeks, and decides all of them again.
 *
 * @param deliveries How many.
 * @returns What that came to.
 * @throws {Error} When one was not decided as it was.
 */
export async function measureBacktest(deliveries: number): Promise<BacktestMeasured> {
  const cluster = await startCluster({ settings: ["max_wal_size = 4GB", "shared_buffers = 1GB"] });
  const storedBytes = await fill(cluster.url(), deliveries);
  const folder = await Deno.makeTempDir();
  try {
    const config = join(folder, "config.json");
    const shipped = z.record(z.string(), z.unknown())
      .parse(JSON.parse(await Deno.readTextFile(SHIPPED_CONFIG)));
    const journal = { url: cluster.url(), spool: join(folder, "spool.db") };
    await Deno.writeTextFile(config, JSON.stringify({ ...shipped, journal }));
    const startedAt = performance.now();
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-lock", ...PERMISSION_FLAGS, MAIN],
        ...["backtest", "--config", config],
      ],
    }).output();
    const seconds = (performance.now() - startedAt) / 1000;
    const said = new TextDecoder().decode(stdout);
    const same = said.match(/^\s*([\d,]+)\s+would be answered the same by the same rule$/m)?.[1];
    if (Number(same?.replaceAll(",", "")) !== deliveries) {
      throw new Error(`Cannot measure: ${said.slice(0, 500)}${new TextDecoder().decode(stderr)}`);
    }
    return { seconds, perSecond: deliveries / seconds, storedBytes };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Records one as the program does; the database itself copies it. */
async function fill(url: string, deliveries: number): Promise<number> {
  const { journal, database } = openSharedJournal({ url });
  const now = Date.now();
  const first = now - DAYS * DAY_MS;
  const id = newDeliveryId();
  try {
    await journal.counts();
    for (let day = 0; day < DAYS; day += 7) await makeWeeks(database, first + day * DAY_MS);
    await journal.record({
      ...{ id, endpoint: "/ustore/order-approval", kind: "ustore.order-approval" },
      ...{ requestId: crypto.randomUUID(), receivedAt: now, answeredAt: now + 2 },
      ...{ remoteAddress: "192.0.2.7", status: 200, verifiedBy: "key 3f2a91bc" },
      headers: [["content-type", "application/json"], ["user-agent", "uStore"]],
      body: encoder.encode(JSON.stringify(orderApproval)),
      answer: encoder.encode('{"ApprovalGroupId":10065,"IsApprovalNeeded":true}'),
      rules: [{ name: "large orders", when: "order.total > 500.0" }],
      decisions: [{ rule: "otherwise", outcome: { group: 10065 }, tried: 2, failures: [] }],
    });
    await database.transaction(async (query) => {
      await query("SET LOCAL statement_timeout = 0");
      await query(
        `INSERT INTO deliveries (id, received_at, answered_at, endpoint, kind, status, verified_by,
           request_id, remote_address, fingerprint, body_bytes, rule_set, rules, decisions, headers,
           answer, body)
         SELECT lpad(n::text, 36, '0'), $2::bigint + n * $3::bigint / $4::bigint,
           $2::bigint + n * $3::bigint / $4::bigint, endpoint, kind, status, verified_by,
           request_id, remote_address, sha256(n::text::bytea), body_bytes, rule_set, rules,
           decisions, headers, answer,
           convert_to(replace(convert_from(body, 'UTF8'), '"@OrderId":"', '"@OrderId":"' || n), 'UTF8')
         FROM deliveries, generate_series(1, $4::bigint - 1) AS n WHERE id = $1`,
        [id, first, DAYS * DAY_MS, deliveries],
      );
    });
    const [row] = await database.query("SELECT pg_database_size(current_database()) AS bytes");
    return integerColumn(row, "bytes");
  } finally {
    await journal.close();
  }
}
