/**
 * Sends requests of every kind to the program until a number of them is reached, and fails when its
 * memory or its open descriptors grow. Needs Linux and `wrk`.
 *
 * Usage: deno task soak [REQUESTS]
 */
import { fromFileUrl } from "@std/path";
import * as z from "zod";
import { memoryOf, openDescriptors } from "./load/usage.ts";
import { prepareSoak } from "./soak/requests.ts";
import { growth, type Sample } from "./soak/trend.ts";
import { journalIn, startStorehook } from "./storehook.ts";

const CONNECTIONS = 32;
const SECONDS_A_SAMPLE = 5;
/** What is left out of the judgement: the memory of a program that has just begun grows. */
const WARM_UP = 0.4;
/** What the collector of garbage may leave behind by chance. */
const MAX_GROWTH_MIB = 32;
/** The connections of the load may be closed by one sample and not yet by another. */
const MAX_MORE_DESCRIPTORS = CONNECTIONS + 8;

const wanted = z.coerce.number().int().min(1).parse(Deno.args[0] ?? 500_000);
const sentOf = z.object({ requests: z.number(), failed: z.literal(0) });

async function send(url: string, before: number, files: readonly string[]): Promise<number> {
  const script = fromFileUrl(new URL("./soak/mixed.lua", import.meta.url));
  const { stdout } = await new Deno.Command("wrk", {
    args: [
      ...["-t", "1", "-c", `${CONNECTIONS}`, "-d", `${SECONDS_A_SAMPLE}s`, "--timeout", "10s"],
      ...["-s", script, url, "--", `${before}`, ...files],
    ],
    stderr: "inherit",
  }).output();
  const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
  return sentOf.parse(JSON.parse(last)).requests;
}

/** Takes the forwards of the events. */
function startReceiver() {
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.arrayBuffer();
      return new Response(null, { status: 204 });
    },
  );
}

async function soak(folder: string): Promise<boolean> {
  await using receiver = startReceiver();
  const { endpoints, sign } = prepareSoak(folder, "receiver");
  const url = `http://127.0.0.1:${receiver.addr.port}/`;
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  await using server = await startStorehook({
    folder,
    config: { endpoints, destinations: { receiver: { type: "http", url, secret } } },
  });
  const memory: Sample[] = [];
  const descriptors: Sample[] = [];
  for (let requests = 0; requests < wanted;) {
    requests += await send(server.url, requests, await sign());
    const { residentMiB } = await memoryOf(server.pid);
    const open = await openDescriptors(server.pid);
    const journal = await Deno.stat(journalIn(folder));
    memory.push({ requests, value: residentMiB });
    descriptors.push({ requests, value: open });
    console.log(
      `${requests} requests: memory ${residentMiB.toFixed(0)} MiB, ${open} descriptors, ` +
        `journal ${(journal.size / 1_048_576).toFixed(0)} MiB`,
    );
  }
  const warm = (samples: readonly Sample[]) => samples.slice(Math.floor(samples.length * WARM_UP));
  const [moreMemory, moreDescriptors] = [growth(warm(memory)), growth(warm(descriptors))];
  console.log(
    `after the first ${WARM_UP * 100} %: memory ${moreMemory.toFixed(1)} MiB more ` +
      `(at most ${MAX_GROWTH_MIB}), ${moreDescriptors.toFixed(1)} descriptors more ` +
      `(at most ${MAX_MORE_DESCRIPTORS})`,
  );
  return moreMemory <= MAX_GROWTH_MIB && moreDescriptors <= MAX_MORE_DESCRIPTORS;
}

const folder = await Deno.makeTempDir();
try {
  Deno.exitCode = await soak(folder) ? 0 : 1;
} finally {
  await Deno.remove(folder, { recursive: true });
}
