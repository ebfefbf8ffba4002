/** What a user would write who has on disk what is answered: it does what the program does. */
import { join } from "@std/path";
import { freePort } from "../../tests/postgres/programs.ts";
import { PEERS } from "../install_peers.ts";
import { startProcess } from "../process.ts";
import { serverOf } from "../storehook.ts";
import { type Contender, SIGNED, type Starting, startPeer, untilAnswered } from "./contender.ts";
import * as names from "./names.ts";
import { startWebhook } from "./webhook.ts";

/**
 * Tells how those are started that keep deliveries on this machine.
 *
 * @param folder Where files for them go.
 */
export function keptPeers(folder: string): readonly Starting[] {
  const kept = join(folder, "kept");
  const ofScript = (name: string, runtime: "node" | "deno", file: string): Starting => ({
    name,
    start: () => startPeer(name, runtime, file, [kept]),
  });
  return [
    ofScript(names.FASTIFY_SQLITE, "node", "fastify_sqlite.js"),
    ofScript(names.EXPRESS_SQLITE, "node", "express_sqlite.js"),
    ofScript(names.BARE_SQLITE, "deno", "serve_sqlite.js"),
    ofScript(names.BARE_SQLITE_TOGETHER, "deno", "serve_sqlite_together.js"),
    ofScript(names.SYNCED, "deno", "serve_synced.js"),
    { name: names.RESTATE, start: () => startRestate(join(folder, "restate")) },
    { name: names.NODE_RED, start: () => startNodeRed(join(folder, "node-red")) },
    {
      name: names.WEBHOOK_APPENDING,
      start: () => startWebhook(names.WEBHOOK_APPENDING, folder, join(folder, "appended")),
    },
  ];
}

/**
 * Tells how those are started that keep deliveries in PostgreSQL.
 *
 * @param url The database.
 * @param storePid The process of its server.
 */
export function postgresPeers(url: string, storePid: number): readonly Starting[] {
  const ofScript = (name: string, runtime: "node" | "deno", file: string): Starting => ({
    name,
    start: async () => ({ ...await startPeer(name, runtime, file, [url]), storePid }),
  });
  return [
    ofScript(names.FASTIFY_PG, "node", "fastify_pg.js"),
    ofScript(names.BARE_PG, "deno", "serve_pg.js"),
    ofScript(names.BARE_PG_TOGETHER, "deno", "serve_pg_together.js"),
  ];
}

/** The server of Restate, and a script with the handler and what checks signatures. */
async function startRestate(folder: string): Promise<Contender> {
  const [admin, ingress, node] = [freePort(), freePort(), freePort()];
  const machine = Deno.build.arch === "x86_64" ? "x64" : "arm64";
  const program = join(
    PEERS,
    `node_modules/@restatedev/restate-server-linux-${machine}/bin/restate-server`,
  );
  await using started = new AsyncDisposableStack();
  const store = started.use(startProcess(program, ["--no-logo", "--listen-mode", "tcp"], {
    RESTATE_DISABLE_TELEMETRY: "true",
    RESTATE_LOG_FILTER: "error",
    RESTATE_BASE_DIR: folder,
    RESTATE_BIND_IP: "127.0.0.1",
    RESTATE_BIND_PORT: `${node}`,
    RESTATE_ADMIN__BIND_ADDRESS: `127.0.0.1:${admin}`,
    RESTATE_INGRESS__BIND_ADDRESS: `127.0.0.1:${ingress}`,
  }));
  const urls = [admin, ingress].map((port) => `http://127.0.0.1:${port}`);
  await untilHealthy(`http://127.0.0.1:${admin}/health`);
  const script = started.use(await startPeer(names.RESTATE, "node", "restate.js", urls));
  const both = started.move();
  return {
    ...script,
    storePid: store.pid,
    [Symbol.asyncDispose]: () => both.disposeAsync(),
  };
}

async function untilHealthy(url: string, triesLeft = 600): Promise<void> {
  const isHealthy = await fetch(url).then(async ({ ok, body }) => {
    await body?.cancel();
    return ok;
  }, () => false);
  if (isHealthy) return;
  if (triesLeft === 0) throw new Error("Restate does not become healthy");
  await new Promise((resolve) => setTimeout(resolve, 50));
  await untilHealthy(url, triesLeft - 1);
}

/** Node-RED with a flow whose node appends to a file, which is synced then. */
async function startNodeRed(folder: string): Promise<Contender> {
  await Deno.mkdir(folder, { recursive: true });
  const port = freePort();
  const process = startProcess("node", [
    join(PEERS, "node_modules/node-red/red.js"),
    ...["--settings", join(PEERS, "approval/node_red/settings.cjs")],
  ], { PORT: `${port}`, FOLDER: folder, KEPT: join(folder, "kept") });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswered(url, process);
  return { ...serverOf(names.NODE_RED, process, url), ...SIGNED };
}
