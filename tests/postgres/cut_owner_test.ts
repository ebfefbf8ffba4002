/**
 * An instance that owns a destination is cut off from the database, and lives: it calls off what it
 * sends before another instance sends the same.
 */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
// @ts-types="@types/pg"
import pg from "pg";
import { startProgram, temporaryFolder } from "../e2e/program.ts";
import { serveHttp } from "../e2e/http_server.ts";
import { createChanges } from "../e2e/waits.ts";
import { type Cluster, noCluster, startCluster } from "./cluster.ts";
import { type Proxy, startProxy } from "./proxy.ts";

const BASIC = { type: "basic", username: "u", password: "p4ssword" };

/** Holds the first request for as long as its sender does, answers all others, and notes both. */
function startHoldingReceiver() {
  const notes: string[] = [];
  const { happened, until } = createChanges();
  const note = (text: string) => {
    notes.push(text);
    happened();
  };
  const server = serveHttp(async (request) => {
    const isFirst = notes.length === 0;
    note("came");
    await request.arrayBuffer();
    if (!isFirst) return new Response(null, { status: 204 });
    const left = Promise.withResolvers<void>();
    request.signal.addEventListener("abort", () => left.resolve());
    await left.promise;
    note("called off");
    return new Response(null, { status: 503 });
  });
  return {
    url: server.url,
    notes,
    until: (count: number) =>
      until(`${count} notes`, () => notes.length >= count, { soFar: () => notes.join(", ") }),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function notesOf(
  cluster: Cluster,
  database: string,
  lose: (proxy: Proxy) => void,
): Promise<readonly string[]> {
  await using folder = await temporaryFolder();
  await using receiver = startHoldingReceiver();
  await using proxy = startProxy(cluster.port);
  const urls = {
    owner: cluster.url(database).replace(`:${cluster.port}/`, `:${proxy.port}/`),
    other: cluster.url(database),
  };
  const start = async (name: keyof typeof urls) => {
    const config = join(folder.path, `${name}.json`);
    await Deno.writeTextFile(
      config,
      JSON.stringify({
        journal: { url: urls[name], spool: join(folder.path, `${name}.db`) },
        endpoints: [{ path: "/events", kind: "events", auth: BASIC, forward: ["erp"] }],
        destinations: {
          erp: { type: "http", url: receiver.url, timeoutMs: 60_000, ordered: true },
        },
      }),
    );
    return await startProgram({ config });
  };
  await using owner = await start("owner");
  const response = await fetch(`${owner.url}/events`, {
    method: "POST",
    headers: { Authorization: `Basic ${btoa("u:p4ssword")}`, "Content-Type": "application/json" },
    body: JSON.stringify({ type: "order.created", subject: "o/1", data: {} }),
  });
  await response.body?.cancel();
  assertEquals(response.status, 204);
  await receiver.until(1);
  await using _other = await start("other");
  lose(proxy);
  await receiver.until(3);
  proxy.mend();
  return receiver.notes;
}

Deno.test({
  name: "an instance that is cut off calls off what it sends before another one sends it" +
    (noCluster === undefined ? "" : ` (skipped: ${noCluster})`),
  ignore: noCluster !== undefined,
  async fn() {
    const cluster = await startCluster({ settings: ["fsync = off"] });
    const admin = new pg.Client(cluster.url());
    await admin.connect();
    for (const name of ["closed", "stalled"]) await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
    const notes = await Promise.all([
      notesOf(cluster, "closed", (proxy) => proxy.cut()),
      notesOf(cluster, "stalled", (proxy) => proxy.stall()),
    ]);
    const inTurn = ["came", "called off", "came"];
    assertEquals(notes, [inTurn, inTurn]);
  },
});
