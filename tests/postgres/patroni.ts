import { join } from "@std/path";
import * as z from "zod";
import { eventually } from "../e2e/waits.ts";
import { asOwner, freePort, giveToOwner, ownedFolder, postgresPrograms } from "./programs.ts";

/** Why there can be none here; `undefined` where there can. */
export const noPatroni: string | undefined = whatIsMissing();

function whatIsMissing(): string | undefined {
  if (postgresPrograms === undefined) return "no programs of PostgreSQL 13 or newer were found";
  const missing = ["/usr/bin/patroni", "/usr/bin/etcd"].filter((path) => !isFile(path));
  return missing.length === 0 ? undefined : `there is no ${missing.join(", no ")}`;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Two nodes of PostgreSQL, of which Patroni makes one the primary, as etcd lets it. */
export interface PatroniCluster extends AsyncDisposable {
  /** The URL of the database, with both hosts. */
  readonly url: string;
  /** Kills the primary at once with its Patroni, as the loss of the machine does. */
  readonly killPrimary: () => Promise<void>;
  /** Puts a new and empty machine in the place of the one that was lost; it becomes the standby. */
  readonly replaceLost: () => Promise<void>;
}

/** What Patroni says of the nodes it knows. */
const clusterSchema = z.object({
  members: z.array(z.object({
    name: z.string(),
    role: z.string(),
    state: z.string(),
  })),
});

const RUNS: ReadonlySet<string> = new Set(["running", "streaming"]);

/** The shortest that Patroni takes: so long after its last word a primary is gone. */
const TTL_SECONDS = 20;

interface Node {
  readonly name: string;
  readonly folder: string;
  readonly port: number;
  readonly apiPort: number;
  process: Deno.ChildProcess | undefined;
}

/**
 * Makes such a cluster in a temporary folder: commits wait for the standby.
 *
 * @returns The cluster, once it has a primary and a synchronous standby.
 */
export async function startPatroniCluster(): Promise<PatroniCluster> {
  const folder = await ownedFolder();
  const nodes = ["one", "two"].map((name): Node => ({
    name,
    folder: join(folder, name),
    port: freePort(),
    apiPort: freePort(),
    process: undefined,
  }));
  const [etcd, etcdPort] = startEtcd(folder);

  async function start(node: Node): Promise<void> {
    await Deno.mkdir(node.folder);
    await giveToOwner(node.folder);
    const file = join(node.folder, "patroni.json");
    await Deno.writeTextFile(file, JSON.stringify(configOf(node, etcdPort)));
    node.process = spawnLogged("/usr/bin/patroni", [file], join(node.folder, "patroni.log"));
  }

  /** The node that has a role by the words of any that answers. */
  async function find(role: string): Promise<Node | undefined> {
    for (const { apiPort, process } of nodes) {
      if (process === undefined) continue;
      try {
        const response = await fetch(`http://127.0.0.1:${apiPort}/cluster`);
        const { members } = clusterSchema.parse(await response.json());
        const found = members.find((one) => one.role === role && RUNS.has(one.state));
        if (found !== undefined) return nodes.find(({ name }) => name === found.name);
      } catch {
        // It has not begun to listen.
      }
    }
    return undefined;
  }

  async function untilStandby(names: readonly string[]): Promise<void> {
    const isThere = async () => names.includes((await find("sync_standby"))?.name ?? "");
    const soFar = () => nodes.map(logOf).join("\n");
    await eventually("a synchronous standby", isThere, { deadlineMs: 120_000, soFar });
  }

  await Promise.all(nodes.map(start));
  await untilStandby(nodes.map(({ name }) => name));
  return {
    url: `postgres://postgres:secret@${
      nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")
    }/postgres`,
    async killPrimary() {
      const primary = await find("leader");
      if (primary === undefined) throw new Error("There is no primary");
      await killNode(primary);
    },
    async replaceLost() {
      const lost = nodes.filter(({ process }) => process === undefined);
      for (const node of lost) {
        await Deno.remove(node.folder, { recursive: true });
        await start(node);
      }
      await untilStandby(lost.map(({ name }) => name));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(nodes.map(killNode));
      etcd.kill("SIGKILL");
      await etcd.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function startEtcd(folder: string): [Deno.ChildProcess, number] {
  const [port, peerPort] = [freePort(), freePort()];
  const [url, peerUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${peerPort}`];
  const process = spawnLogged("/usr/bin/etcd", [
    ...["--data-dir", join(folder, "etcd"), "--unsafe-no-fsync"],
    ...["--listen-client-urls", url, "--advertise-client-urls", url],
    ...["--listen-peer-urls", peerUrl, "--initial-advertise-peer-urls", peerUrl],
    ...["--initial-cluster", `default=${peerUrl}`],
  ], join(folder, "etcd.log"));
  return [process, port];
}

function spawnLogged(program: string, args: readonly string[], log: string): Deno.ChildProcess {
  const words = [program, ...args].map((word) => `'${word}'`).join(" ");
  const [command, all] = asOwner("/bin/sh", ["-c", `exec ${words} >'${log}' 2>&1`]);
  return new Deno.Command(command, {
    args: all,
    cwd: "/",
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
}

function configOf({ name, folder, port, apiPort }: Node, etcdPort: number): object {
  const account = (username: string) => ({ username, password: "secret" });
  return {
    scope: "storehook",
    name,
    restapi: { listen: `127.0.0.1:${apiPort}`, connect_address: `127.0.0.1:${apiPort}` },
    etcd3: { hosts: [`127.0.0.1:${etcdPort}`] },
    bootstrap: {
      dcs: {
        ttl: TTL_SECONDS,
        loop_wait: 1,
        retry_timeout: 5,
        synchronous_mode: true,
        postgresql: { parameters: { max_connections: 100 } },
      },
      initdb: [{ encoding: "UTF8" }, { locale: "C" }],
      pg_hba: [
        "host replication replicator 127.0.0.1/32 scram-sha-256",
        "host all all 127.0.0.1/32 scram-sha-256",
      ],
    },
    postgresql: {
      listen: `127.0.0.1:${port}`,
      connect_address: `127.0.0.1:${port}`,
      data_dir: join(folder, "data"),
      bin_dir: postgresPrograms,
      pgpass: join(folder, "pgpass"),
      basebackup: [{ checkpoint: "fast" }, "no-sync"],
      authentication: { superuser: account("postgres"), replication: account("replicator") },
      parameters: { unix_socket_directories: folder },
    },
  };
}

/** Kills Patroni first, which would start the server again; resolves when all of it is gone. */
async function killNode(node: Node): Promise<void> {
  const { process } = node;
  if (process === undefined) return;
  node.process = undefined;
  killProcess(process.pid);
  const postmaster = postmasterOf(node);
  const all = postmaster === undefined ? [] : [postmaster, ...await childrenOf(postmaster)];
  all.forEach(killProcess);
  await process.status;
  await eventually("the end of a server", () => !all.some(isThere));
}

function postmasterOf({ folder }: Node): number | undefined {
  try {
    return Number(Deno.readTextFileSync(join(folder, "data", "postmaster.pid")).split("\n")[0]);
  } catch {
    // It does not run.
    return undefined;
  }
}

async function childrenOf(parent: number): Promise<readonly number[]> {
  try {
    const text = await Deno.readTextFile(`/proc/${parent}/task/${parent}/children`);
    return text.split(" ").filter((word) => word !== "").map(Number);
  } catch {
    // It has ended.
    return [];
  }
}

function killProcess(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Not of one that has ended and that nobody has asked how. */
function isThere(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}

function logOf({ folder }: Node): string {
  try {
    return Deno.readTextFileSync(join(folder, "patroni.log")).slice(-1000);
  } catch {
    return "";
  }
}
