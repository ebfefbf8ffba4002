/** The ingestion of events beside what a user would write instead, in turn, round by round. */
import { join } from "@std/path";
import { PEERS } from "../install_peers.ts";
import { median, startProcess } from "../process.ts";
import { type Server, startStorehook } from "../storehook.ts";
import { PATH, SECRET, writeSignedRequests } from "./signed_requests.ts";
import { type Measured, wrk } from "./wrk.ts";

/** How much is measured. */
export interface IngestionEffort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

/** What one did, each figure the median of its rounds. */
export interface IngestionRow {
  readonly name: string;
  readonly eventsPerSecond: number;
  /** Its rate over that of Express which keeps them, the median of the rounds' ratios. */
  readonly overKept: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** More than any of them takes in one second. */
const REQUESTS_A_SECOND = 15_000;

/** Starts the program as it would be, with a journal on disk. */
async function startIngestion(folder: string, destinations: object): Promise<Server> {
  const auth = { type: "standard-webhooks", secrets: [SECRET] };
  const forward = Object.keys(destinations);
  return await startStorehook({
    folder,
    config: { endpoints: [{ path: PATH, kind: "events", auth, forward }], destinations },
  });
}

/**
 * Compares them.
 *
 * @param folder Where files go.
 * @param effort How much is measured.
 * @returns A row for each; the first is Express which keeps them.
 */
export async function compareIngestion(
  folder: string,
  { rounds, seconds, warmUpSeconds }: IngestionEffort,
): Promise<readonly IngestionRow[]> {
  await using receiver = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.arrayBuffer();
      return new Response(null, { status: 204 });
    },
  );
  const erp = { type: "http", url: `http://127.0.0.1:${receiver.addr.port}/`, secret: SECRET };
  const script = join(PEERS, "express.js");
  await using keeping = startProcess("node", [script, SECRET, join(folder, "events")]);
  await using express = startProcess("node", [script, SECRET]);
  await using kept = await startIngestion(join(folder, "kept-events"), {});
  await using forwarded = await startIngestion(join(folder, "forwarded-events"), { erp });
  const ports: readonly (readonly [name: string, port: string])[] = [
    ["Express, standardwebhooks, better-sqlite3", await keeping.line()],
    ["Express, standardwebhooks, nothing kept", await express.line()],
    ["Storehook", new URL(kept.url).port],
    ["Storehook with a destination", new URL(forwarded.url).port],
  ];
  const requests = join(folder, "requests");
  async function measure(port: string, seconds: number): Promise<Measured> {
    await writeSignedRequests(requests, REQUESTS_A_SECOND * seconds);
    return await wrk(port, requests, seconds);
  }

  const measured = ports.map(([name, port]) => ({ name, port, all: new Array<Measured>() }));
  for (const { port } of measured) await measure(port, warmUpSeconds);
  for (let round = 0; round < rounds; round++) {
    for (const { port, all } of measured) all.push(await measure(port, seconds));
  }
  const [first] = measured;
  return measured.map(({ name, all }) => {
    const of = (figure: keyof Measured) => median(all.map((each) => each[figure]));
    return {
      name,
      eventsPerSecond: of("requestsPerSecond"),
      overKept: median(
        all.map(({ requestsPerSecond }, round) =>
          requestsPerSecond / (first?.all[round]?.requestsPerSecond ?? NaN)
        ),
      ),
      p50Ms: of("p50Ms"),
      p99Ms: of("p99Ms"),
    };
  });
}
