/**
 * Ingestion of events beside what a user would write instead: Express with `standardwebhooks` on
 * Node, which verifies and parses; once it keeps nothing, and once a row for each event, synced
 * before it is answered, by better-sqlite3. In one run, round by round in turn, so that the ratios
 * hold on a noisy machine. Needs Node, npm and `wrk`. Prints a line for each.
 */
import { join } from "@std/path";
import { installPeers, PEERS } from "./install_peers.ts";
import { PATH, SECRET, writeSignedRequests } from "./ingestion/signed_requests.ts";
import { type Measured, wrk } from "./ingestion/wrk.ts";
import { median, startProcess } from "./process.ts";
import { type Server, startStorehook } from "./storehook.ts";

const ROUNDS = 7;
const SECONDS = 4;
const WARM_UP_SECONDS = 2;
/** More than any of them takes in a round. */
const REQUESTS = 60_000;

/** Starts the program as it would be, with a journal on disk. */
async function startIngestion(folder: string, destinations: object): Promise<Server> {
  const auth = { type: "standard-webhooks", secrets: [SECRET] };
  const forward = Object.keys(destinations);
  return await startStorehook({
    folder,
    config: { endpoints: [{ path: PATH, kind: "events", auth, forward }], destinations },
  });
}

async function compare(folder: string): Promise<void> {
  await using receiver = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.arrayBuffer();
      return new Response(null, { status: 204 });
    },
  );
  const erp = { type: "http", url: `http://127.0.0.1:${receiver.addr.port}/`, secret: SECRET };
  const script = join(PEERS, "express.js");
  await using express = startProcess("node", [script, SECRET]);
  await using keeping = startProcess("node", [script, SECRET, join(folder, "express.db")]);
  await using kept = await startIngestion(join(folder, "kept"), {});
  await using forwarded = await startIngestion(join(folder, "forwarded"), { erp });
  const ports: readonly (readonly [name: string, port: string])[] = [
    ["Express with better-sqlite3", await keeping.line()],
    ["Express without storage", await express.line()],
    ["Storehook with its journal", new URL(kept.url).port],
    ["Storehook with its journal and a destination", new URL(forwarded.url).port],
  ];
  const requests = join(folder, "requests");
  async function measure(port: string, seconds: number): Promise<Measured> {
    await writeSignedRequests(requests, REQUESTS);
    return await wrk(port, requests, seconds);
  }

  for (const [, port] of ports) await measure(port, WARM_UP_SECONDS);
  const rounds: (readonly Measured[])[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const measured: Measured[] = [];
    for (const [, port] of ports) measured.push(await measure(port, SECONDS));
    rounds.push(measured);
  }
  for (const [index, [name]] of ports.entries()) {
    const of = (figure: (one: Measured) => number) =>
      median(rounds.flatMap((round) => round.slice(index, index + 1)).map(figure));
    const ratio = median(
      rounds.map((round) =>
        (round[index]?.requestsPerSecond ?? NaN) / (round[0]?.requestsPerSecond ?? NaN)
      ),
    );
    console.log(
      `${name}: ${ratio.toFixed(2)} of Express with better-sqlite3, ` +
        `${of(({ requestsPerSecond }) => requestsPerSecond).toFixed(0)} events a second, ` +
        `median ${of(({ p50Ms }) => p50Ms).toFixed(1)} ms, ` +
        `99 of 100 within ${of(({ p99Ms }) => p99Ms).toFixed(1)} ms`,
    );
  }
}

const folder = await Deno.makeTempDir();
try {
  await installPeers();
  await compare(folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}
