/**
 * How fast the console's pages are with a million deliveries: each as a script gets it and as Chromium
 * shows it first, also just after a start, and what that costs approvals meanwhile. Needs
 * `/usr/bin/chromium` for what a browser sees.
 *
 * Options: `--count 1000000`; `--folder` keeps the journal for the next time; `--as served` or
 * `--as painted` measures one of both alone.
 */
import { join } from "@std/path";
import { chromium } from "playwright-core";
import * as z from "zod";
import orderApproval from "../handlers/ustore/samples/order_approval.json" with { type: "json" };
import { importKey, signBytes } from "../lib/auth/x_signature.ts";
import { digestOfSecret, newSecret } from "../lib/console/session/credentials.ts";
import {
  CONSOLE_CONFIG,
  EVENTS_ENDPOINT,
  fillConsoleJournal,
  FIRST_ORDER,
  RARE_WORD,
} from "./growth/console_journal.ts";
import { KEY } from "./load/signed.ts";
import { median } from "./process.ts";
import { journalIn, type Server, startStorehook } from "./storehook.ts";

const GOAL_MS = 300;
const TIMES = 5;
const PAINTS = 3;
const CHROMIUM = "/usr/bin/chromium";
const APPROVAL = "/ustore/order-approval";
const DAY_MS = 86_400_000;

const facts = z.object({ adminUrl: z.string() });
const shippedSchema = z.looseObject({ endpoints: z.array(z.unknown()) });
const list = z.object({ id: z.string() });
const lists = z.object({
  deliveries: z.array(list).default([]),
  events: z.array(list).default([]),
  forwards: z.array(list).default([]),
});

interface World {
  readonly server: Server;
  /** Where the console is. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly count: number;
}

/** The pages, with everything that a list can be narrowed by. */
async function pathsOf({ url, headers, count }: World): Promise<readonly string[]> {
  const first = async (noun: "deliveries" | "events" | "forwards", query = "") => {
    const response = await fetch(`${url}/api/v1/${noun}?limit=1${query}`, { headers });
    return lists.parse(await response.json())[noun][0]?.id ?? "";
  };
  const monthAgo = new Date(Date.now() - 29 * DAY_MS).toISOString();
  const [delivery, event, forward] = [
    await first("deliveries"),
    await first("events"),
    await first("forwards"),
  ];
  const old = await first("deliveries", `&until=${monthAgo}`);
  const deliveries = [
    "",
    ...[`order=${FIRST_ORDER + 77}`, `order=${FIRST_ORDER + Math.floor(count / 2)}`],
    ...["order=none-such", `order=${FIRST_ORDER - 9}`],
    ...["shopper=office-7", "shopper=nobody", `shopper=${RARE_WORD}`],
    ...["rule=large+orders", "rule=east+coast", "rule=no+such+rule"],
    ...[`endpoint=${APPROVAL}`, `endpoint=${EVENTS_ENDPOINT.path}`, "endpoint=/none"],
    ...["status=2xx", "status=401", "status=503"],
    ...["since=1h", `until=${monthAgo}`, `since=${monthAgo}&until=${monthAgo}`],
    ...["text=marketing", "text=stands+nowhere", `text=${RARE_WORD}`],
    ...[`text=${RARE_WORD}&endpoint=${APPROVAL}&status=2xx`, "refused=true", "kind=ustore.tax"],
    `until=${monthAgo}&status=401`,
  ];
  const events = [
    ...["", "type=order.placed", "type=none", `subject=order/5`, "subject=none"],
    ...["text=%22number%22", "text=none-such", "text=event-5", "warnings=true"],
    ...[`endpoint=${EVENTS_ENDPOINT.path}`, "endpoint=/none", `until=${monthAgo}`],
  ];
  const forwards = [
    ...["", "state=failed", "state=waiting", "state=delivered", "state=cancelled"],
    ...["destination=erp", "destination=none", `eventId=${event}`, `until=${monthAgo}`],
    ...["state=failed&destination=erp", `state=cancelled&destination=erp`],
  ];
  const withQuery = (path: string) => (query: string) => query === "" ? path : `${path}?${query}`;
  return [
    ...["/", "/?span=hour", "/?span=month"],
    ...deliveries.map(withQuery("/deliveries")),
    ...[`/deliveries/${delivery}`, `/deliveries/${old}`],
    ...events.map(withQuery("/events")),
    `/events/${event}`,
    ...forwards.map(withQuery("/forwards")),
    `/forwards/${forward}`,
    ...["/destinations", "/services", "/keys", "/doctor"],
    ...[`/rules${APPROVAL}`, `/rules${APPROVAL}?since=90d`, `/rules-edit${APPROVAL}`],
    ...["/config", "/config/versions", "/audit", "/audit?who=nobody"],
    ...["/docs", "/docs?q=signature", "/docs/console"],
  ];
}

async function timeOf(run: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}

async function get({ url, headers }: World, path: string): Promise<void> {
  const response = await fetch(`${url}${path}`, { headers });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
}

/** Sends approvals one after the other until it is ended, and gives how long each took. */
async function approveUntil(server: Server, signal: AbortSignal): Promise<readonly number[]> {
  const key = await importKey(KEY);
  const times: number[] = [];
  for (let number = 0; !signal.aborted; number++) {
    const order = { ...orderApproval.Order, "@OrderId": `${9_000_000 + number}` };
    const body = new TextEncoder().encode(JSON.stringify({ ...orderApproval, Order: order }));
    const headers = {
      "Content-Type": "application/json",
      "X-Signature": await signBytes(key, body),
    };
    const took = await timeOf(async () => {
      const response = await fetch(`${server.url}${APPROVAL}`, { method: "POST", headers, body });
      await response.arrayBuffer();
    });
    times.push(took);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return times.toSorted((a, b) => a - b);
}

function printApprovals(what: string, times: readonly number[]): void {
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  console.log(
    `approvals ${what}: ${times.length}, median ${at(0.5)} ms, ` +
      `99 % within ${at(0.99)} ms, the longest ${(times.at(-1) ?? 0).toFixed(1)} ms`,
  );
}

async function measure(world: World): Promise<void> {
  const coldMs = await timeOf(() => get(world, "/"));
  console.log(`the first page after the start: ${coldMs.toFixed(0)} ms`);
  const paths = await pathsOf(world);
  const served = as === "painted" ? new Map<string, Served>() : await servedOf(world, paths);
  const painted = as === "served" ? new Map<string, number>() : await paintsOf(world, paths);
  console.log("first ms\tagain ms\tpainted ms\tpage");
  for (const path of paths) {
    const { first, again } = served.get(path) ?? {};
    const figures = [first, again, painted.get(path)];
    const isLate = figures.some((ms) => ms !== undefined && ms > GOAL_MS);
    const words = figures.map((ms) => ms?.toFixed(0) ?? "–");
    console.log([...words, path, ...(isLate ? ["LATE"] : [])].join("\t"));
  }
}

/** How long the server takes for a page: the first time, and the times after that. */
interface Served {
  readonly first: number;
  readonly again: number;
}

/** How fast each page is served while approvals come one after the other. */
async function servedOf(
  world: World,
  paths: readonly string[],
): Promise<ReadonlyMap<string, Served>> {
  const quiet = AbortSignal.timeout(5000);
  printApprovals("while nobody looks", await approveUntil(world.server, quiet));
  const ending = new AbortController();
  const approvals = approveUntil(world.server, ending.signal);
  const served = new Map<string, Served>();
  for (const path of paths) {
    const first = await timeOf(() => get(world, path));
    const again: number[] = [];
    for (let time = 1; time < TIMES; time++) again.push(await timeOf(() => get(world, path)));
    served.set(path, { first, again: median(again) });
  }
  ending.abort();
  printApprovals("while all pages are read", await approvals);
  return served;
}

/** When Chromium shows something of each page first. */
async function paintsOf(
  { url, headers }: World,
  paths: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const context = await browser.newContext({ extraHTTPHeaders: headers });
    const paint = async (address: string) => {
      const page = await context.newPage();
      await page.goto(address, { waitUntil: "load" });
      const ms = await page.evaluate(`new Promise((resolve) =>
        new PerformanceObserver((list) => {
          for (const { name, startTime } of list.getEntries()) {
            if (name === "first-contentful-paint") resolve(startTime);
          }
        }).observe({ type: "paint", buffered: true })
      )`);
      await page.close();
      return z.number().parse(ms);
    };
    const often = async (address: string) => {
      const times: number[] = [];
      for (let time = 0; time < PAINTS; time++) times.push(await paint(address));
      return median(times);
    };
    const own = await often("data:text/html,<p>Nothing</p>");
    console.log(`what Chromium takes for a page of no server: ${own.toFixed(0)} ms`);
    const painted = new Map<string, number>();
    for (const path of paths) painted.set(path, await often(`${url}${path}`));
    return painted;
  } finally {
    await browser.close();
  }
}

function option(name: string): string | undefined {
  const at = Deno.args.indexOf(`--${name}`);
  return at === -1 ? undefined : Deno.args[at + 1];
}

const count = Number(option("count") ?? 1_000_000);
const as = option("as");
const kept = option("folder");
const folder = kept ?? await Deno.makeTempDir();
try {
  const token = newSecret();
  const tokens = [{ name: "bench", hash: `sha256$${digestOfSecret(token)}`, role: "admin" }];
  const shipped = shippedSchema.parse(
    JSON.parse(await Deno.readTextFile(new URL("../config.json", import.meta.url))),
  );
  const config = {
    ...CONSOLE_CONFIG,
    endpoints: [...shipped.endpoints, EVENTS_ENDPOINT],
    console: { tokens },
  };
  const journal = journalIn(folder);
  const isThere = await Deno.stat(journal).then(() => true, () => false);
  if (!isThere) {
    await Deno.mkdir(join(folder, "data"), { recursive: true });
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, JSON.stringify({ ...shipped, ...config }));
    await fillConsoleJournal(journal, file, count, (done) => {
      if (done % (count / 10) === 0) console.error(`${done} of ${count} deliveries`);
    });
  }
  await using server = await startStorehook({ folder, config });
  const { adminUrl } = facts.parse(JSON.parse(await Deno.readTextFile(`${journal}-server.json`)));
  const headers = { Authorization: `Bearer ${token}` };
  await measure({ server, url: adminUrl, headers, count });
} finally {
  if (kept === undefined) await Deno.remove(folder, { recursive: true });
}
