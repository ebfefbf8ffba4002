import { join } from "@std/path";
import { mountSmallDisk } from "../faults/small_disk.ts";
import { asOwner, freePort, giveToOwner, postgresPrograms, runAsOwner } from "./programs.ts";

/** A cluster of PostgreSQL that belongs to one test file. */
export interface Cluster {
  readonly port: number;
  /** The URL of a database; `postgres` unless another is named. */
  readonly url: (database?: string) => string;
  readonly folder: string;
  /** Starts the server again, after `kill()` or `stop()`. */
  readonly start: () => Promise<void>;
  /** Ends the server at once, as a power cut does for it. */
  readonly kill: () => Promise<void>;
  /** Makes a standby of it, in a cluster of its own. */
  readonly standby: () => Promise<Cluster>;
  /** Has a standby take writes. */
  readonly promote: () => Promise<void>;
}

/** Why no cluster can be made here; `undefined` where one can. */
export const noCluster: string | undefined = postgresPrograms === undefined
  ? "no programs of PostgreSQL 13 or newer were found"
  : undefined;

const START_TIMEOUT_MS = 30_000;

/** How a cluster is made. */
export interface ClusterOptions {
  /** Lines for its postgresql.conf. */
  readonly settings?: readonly string[];
  /** How large the disk is that it stands on; that of temporary files unless given. */
  readonly diskBytes?: number;
}

/**
 * Makes a cluster in a temporary folder and starts it. It is removed when the tests of the file are
 * done.
 *
 * @param options How it is made.
 * @returns The cluster.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  return await makeCluster(options, (programs, data) =>
    runAsOwner(join(programs, "initdb"), [
      ...["--pgdata", data, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8"],
      ...["--no-locale", "--no-sync"],
    ]));
}

async function makeCluster(
  { settings = [], diskBytes }: ClusterOptions,
  makeData: (programs: string, data: string) => Promise<void>,
): Promise<Cluster> {
  const programs = postgresPrograms;
  if (programs === undefined) throw new Error(noCluster);
  const folder = await Deno.makeTempDir({ prefix: "storehook-postgres-" });
  const data = join(folder, "data");
  const pgControl = join(programs, "pg_ctl");
  if (diskBytes !== undefined) await mountSmallDisk(folder, diskBytes);
  await giveToOwner(folder);
  await makeData(programs, data);
  const port = freePort();
  const lines = [
    `port = ${port}`,
    "listen_addresses = '127.0.0.1'",
    `unix_socket_directories = '${folder}'`,
    "max_connections = 100",
    ...settings,
  ];
  await Deno.writeTextFile(join(data, "postgresql.conf"), `${lines.join("\n")}\n`, {
    append: true,
  });
  const control = (...args: readonly string[]) =>
    runAsOwner(pgControl, ["--pgdata", data, "--silent", ...args]);
  const timeout = ["--wait", "--timeout", String(START_TIMEOUT_MS / 1000)];
  const start = () => control(...timeout, "--log", join(folder, "log"), "start");
  function remove(): void {
    const stop = ["--pgdata", data, "--silent", "--mode", "immediate", "stop"];
    const [program, args] = asOwner(pgControl, stop);
    new Deno.Command(program, { args, cwd: "/", stdin: "null" }).outputSync();
    if (diskBytes !== undefined) {
      new Deno.Command("umount", { args: ["--lazy", folder], stderr: "null" }).outputSync();
    }
    Deno.removeSync(folder, { recursive: true });
  }
  addEventListener("unload", remove);
  await start();
  return {
    port,
    folder,
    url: (database = "postgres") => `postgres://postgres@127.0.0.1:${port}/${database}`,
    start,
    kill: () => control("--mode", "immediate", "stop"),
    promote: () => control(...timeout, "promote"),
    standby: () =>
      makeCluster({ settings }, (_, copy) =>
        runAsOwner(join(programs, "pg_basebackup"), [
          ...["--pgdata", copy, "--host", "127.0.0.1", "--port", String(port)],
          ...["--username", "postgres", "--write-recovery-conf", "--wal-method", "stream"],
          "--no-sync",
        ])),
  };
}
