/** What a database has used since it was started. */
import type pg from "pg";
import type { Cost } from "./costs.ts";

/**
 * Tells what a cluster has used.
 *
 * @param client A connection to it.
 * @param folder Its folder.
 */
export async function usedByDatabase(
  client: pg.Client,
  folder: string,
): Promise<Omit<Cost, "instanceMicros">> {
  const { rows: [wal] } = await client.query(
    "SELECT wal_sync, pg_current_wal_insert_lsn() - '0/0' AS wal_bytes FROM pg_stat_wal",
  );
  const { rows: [size] } = await client.query(
    "SELECT pg_database_size(current_database()) AS bytes",
  );
  return {
    databaseMicros: await databaseMicros(folder),
    logBytes: Number(wal.wal_bytes),
    storedBytes: Number(size.bytes),
    syncs: Number(wal.wal_sync),
  };
}

const MICROS_PER_TICK = 10_000;

/** Of all processes of the cluster, from /proc. */
async function databaseMicros(folder: string): Promise<number> {
  const postmaster = Number(
    (await Deno.readTextFile(`${folder}/data/postmaster.pid`)).split("\n")[0],
  );
  let ticks = 0;
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = await Deno.readTextFile(`/proc/${name}/stat`);
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const own = Number(fields[11]) + Number(fields[12]);
      if (Number(fields[1]) === postmaster) ticks += own;
      // With that of those that have ended.
      if (Number(name) === postmaster) ticks += own + Number(fields[13]) + Number(fields[14]);
    } catch {
      // It has ended.
    }
  }
  return ticks * MICROS_PER_TICK;
}
