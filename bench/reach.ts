/**
 * How many files a reader opens to follow one thing through the program: those of `lib` and
 * `handlers` in which a function runs with it that did not run without. Runs the program itself
 * under the coverage of V8, once without and once with it, on a copy of the shipped config.
 * Usage: deno task reach [approval | event | reload …]; all of them unless named.
 */
import { fromFileUrl, join, relative } from "@std/path";
import * as z from "zod";
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { PERMISSION_FLAGS } from "../release/permissions.ts";
import { digestOf, JSON_TYPE, KEY } from "./load/signed.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));
const PATIENCE_MS = 30_000;
/** In it comes what a server does by itself after its start, and what follows from a request. */
const SETTLE_MS = 1500;

const sections = z.looseObject({ endpoints: z.array(z.looseObject({})) });
const scriptCoverage = z.object({
  url: z.string(),
  functions: z.array(z.object({
    functionName: z.string(),
    ranges: z.array(z.object({
      startOffset: z.number(),
      endOffset: z.number(),
      count: z.number(),
    })),
  })),
});

/** A server under coverage. */
interface Watched {
  readonly url: string;
  /** The folder of its config and its journal. */
  readonly folder: string;
  /** Waits until its log has such a line. */
  logged(line: RegExp): Promise<void>;
}

/** Something that is followed. */
type Follow = (server: Watched) => Promise<unknown>;

async function send(url: string, body: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { ...JSON_TYPE, ...headers },
    body,
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Cannot measure: ${url} answered ${response.status}`);
}

async function approval({ url }: Watched): Promise<void> {
  const body = JSON.stringify(orderApproval);
  const signature = (await digestOf(new TextEncoder().encode(body))).toBase64();
  await send(`${url}/ustore/order-approval`, body, { "X-Signature": signature });
}

async function event({ url, folder }: Watched): Promise<void> {
  await send(`${url}/events`, '{"type":"order.created","data":{"id":"1"}}', {});
  const deadline = AbortSignal.timeout(PATIENCE_MS);
  while (!await hasFile(join(folder, "out"))) {
    deadline.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function hasFile(folder: string): Promise<boolean> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).some(({ name }) => name.endsWith(".json"));
  } catch {
    return false;
  }
}

async function reload({ folder, logged }: Watched): Promise<void> {
  const file = join(folder, "config.json");
  const text = await Deno.readTextFile(file);
  await Deno.writeTextFile(file, text.replace("order.total > 500.0", "order.total > 700.0"));
  await logged(/Loaded .* again/);
}

/** What is followed, by name. */
const FOLLOWED: Readonly<Record<string, Follow>> = { approval, event, reload };

/** Writes the shipped config with an endpoint for events, which go into a folder. */
async function writeConfig(folder: string): Promise<string> {
  const file = join(folder, "config.json");
  const shipped = sections.parse(JSON.parse(await Deno.readTextFile(join(ROOT, "config.json"))));
  const events = { path: "/events", kind: "events", auth: { type: "none" }, forward: ["out"] };
  const config = {
    ...shipped,
    endpoints: [...shipped.endpoints, events],
    destinations: { out: { type: "folder", path: "out" } },
  };
  await Deno.writeTextFile(file, JSON.stringify(config));
  return file;
}

/** Runs a server until it has done something, and gives how often each function of it ran. */
async function run(follow: Follow | undefined): Promise<ReadonlyMap<string, number>> {
  const folder = await Deno.makeTempDir({ prefix: "storehook-reach-" });
  const coverage = join(folder, "coverage");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--quiet", `--coverage=${coverage}`, ...PERMISSION_FLAGS],
      ...[join(ROOT, "main.ts"), "serve", "--config", await writeConfig(folder), "--port", "0"],
    ],
    env: { USTORE_SIGNATURE_KEY: KEY, STOREHOOK_ADMIN_PORT: "0" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [banner, log] = [collect(child.stdout), collect(child.stderr)];
  try {
    const [, url = ""] = await banner.holds(/(http:\/\/\S+:\d+)/);
    const logged = async (line: RegExp) => void await log.holds(line);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    await follow?.({ url, folder, logged });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await Promise.all([banner.ended, log.ended]);
  }
  const counts = await readCounts(coverage);
  await Deno.remove(folder, { recursive: true });
  return counts;
}

/** Collects what a process writes. */
function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  let text = "";
  let told = Promise.withResolvers<void>();
  const ended = (async () => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
      told.resolve();
      told = Promise.withResolvers<void>();
    }
  })();
  async function holds(pattern: RegExp): Promise<RegExpExecArray> {
    const late = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const found = pattern.exec(text);
      if (found !== null) return found;
      late.throwIfAborted();
      await Promise.race([told.promise, new Promise((resolve) => setTimeout(resolve, 250))]);
    }
  }
  return { ended, holds };
}

/** How often each function ran, by its file and place. What a module does at its start is none. */
async function readCounts(folder: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for await (const { name } of Deno.readDir(folder)) {
    if (!name.endsWith(".json")) continue;
    const { url, functions } = scriptCoverage.parse(
      JSON.parse(await Deno.readTextFile(join(folder, name))),
    );
    if (!url.startsWith("file:")) continue;
    const file = relative(ROOT, fromFileUrl(url)).replaceAll("\\", "/");
    if (!/^(?:lib|handlers)\//.test(file)) continue;
    for (const { functionName, ranges: [whole] } of functions) {
      if (whole === undefined || (functionName === "" && whole.startOffset === 0)) continue;
      const key = `${file} ${functionName}@${whole.startOffset}`;
      counts.set(key, (counts.get(key) ?? 0) + whole.count);
    }
  }
  return counts;
}

const asked = Deno.args.length > 0 ? Deno.args : Object.keys(FOLLOWED);
const without = await run(undefined);
for (const name of asked) {
  const follow = FOLLOWED[name];
  if (follow === undefined) {
    console.error(`Cannot follow ${name}: wanted ${Object.keys(FOLLOWED).join(", ")}`);
    Deno.exit(2);
  }
  const functions = new Map<string, string[]>();
  for (const [key, count] of await run(follow)) {
    if (count === 0 || (without.get(key) ?? 0) > 0) continue;
    const [file = "", place = ""] = key.split(" ");
    functions.set(file, [...functions.get(file) ?? [], place.replace(/@\d+$/, "") || "a function"]);
  }
  console.log(`${name}: ${functions.size} files`);
  for (const [file, names] of [...functions].toSorted()) {
    console.log(`  ${file}: ${names.join(", ")}`);
  }
}
