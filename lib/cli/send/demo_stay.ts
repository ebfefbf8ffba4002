import { bold, dim, setColorEnabled } from "@std/fmt/colors";
import { join } from "@std/path";
import type { Handler } from "../../../handlers/handler.ts";
import { loadConfig, type Loaded } from "../../config/load.ts";
import { startServerJournal } from "../../journal/configured.ts";
import { pause } from "../../util/waiting.ts";
import { obeySignals } from "../serve/serve.ts";
import { startOrComplain } from "../serve/start.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { createMadeUpNumbers, FIRST_NUMBER, madeUpRequests, recordMadeUpDay } from "./demo_day.ts";
import { playSender } from "./play.ts";

/** The keys of a demo's config, by the kinds of its endpoints. */
type DemoKeys = ReadonlyMap<string, string>;

/** What the receiver of the demo answers: for a while it is not there. */
const AWAY = 503;
/** Between two requests while the demo stays. */
const GAP_MS = 4000;
const TIMEOUT_MS = 10_000;

/**
 * Serves a sample config with a day of made-up traffic until it is stopped, so that the console has
 * something to show; requests go on to come.
 *
 * @param folder Where the config and the journal are.
 * @param text The text of a config.
 * @param keys Its keys.
 * @param handlers The kinds.
 * @param terminal Where the link into the console is shown.
 * @returns The exit code.
 */
export async function stayWithDemo(
  folder: string,
  { text, keys }: { readonly text: string; readonly keys: DemoKeys },
  handlers: readonly Handler[],
  terminal: Terminal,
): Promise<number> {
  await using receiver = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    ({ url }) => new Response(null, { status: url.endsWith("/erp") ? AWAY : 204 }),
  );
  const file = join(folder, "config.json");
  await Deno.writeTextFile(file, demoText(text, receiver.addr.port));
  const which = { file, kinds: handlers, env: () => undefined };
  const loaded = await loadConfig(which);
  if ("mistakes" in loaded) {
    throw new Error(`Cannot load the sample config: ${loaded.mistakes[0]?.message ?? ""}`);
  }
  const count = await fillJournal(loaded, handlers, keys);
  const started = await startOrComplain(which, terminal);
  if (typeof started === "number") return started;
  const { untilStopped } = obeySignals(started);
  const link = await started.running.consoleLink?.() ?? started.running.adminUrl;
  setColorEnabled(terminal.colour);
  terminal.out(
    `${bold("The console, with a day of made-up traffic:")}\n\n  ${link}\n\n` +
      `${
        dim("The link signs in once, within a minute. Ctrl+C ends the demo and leaves nothing.")
      }\n`,
  );
  const ending = new AbortController();
  const playing = playOn(started.loaded, handlers, keys, started.running.url, {
    count,
    signal: ending.signal,
  });
  await untilStopped();
  ending.abort();
  await playing;
  return 0;
}

async function fillJournal(
  loaded: Loaded,
  handlers: readonly Handler[],
  keys: DemoKeys,
): Promise<number> {
  const journal = await startServerJournal().open(loaded.config.journal);
  try {
    const keyOf = (kind: string) => keys.get(kind) ?? "";
    return await recordMadeUpDay(loaded, handlers, journal, keyOf, Date.now());
  } finally {
    await journal.close();
  }
}

/** The sample config with rules that decide differently, and with somewhere to forward to. */
function demoText(text: string, port: number): string {
  const config: Record<string, unknown> & { endpoints: { kind: string }[] } = JSON.parse(text);
  const to = `http://127.0.0.1:${port}`;
  const secret = `whsec_${crypto.getRandomValues(new Uint8Array(32)).toBase64()}`;
  return JSON.stringify(
    {
      ...config,
      server: { hostname: "127.0.0.1", port: 0 },
      admin: { hostname: "127.0.0.1", port: 0 },
      journal: { path: "journal.db" },
      log: { level: "fatal" },
      destinations: {
        crm: { type: "http", url: `${to}/crm`, secret },
        erp: { type: "http", url: `${to}/erp`, secret },
      },
      endpoints: config.endpoints.map((endpoint) => ({ ...endpoint, ...ADDED[endpoint.kind] })),
    },
    null,
    2,
  );
}

const ADDED: Readonly<Record<string, object>> = {
  "ustore.order-approval": {
    rules: [
      {
        name: "large orders",
        when: "order.total > 500.0",
        then: { group: 10065 },
      },
      {
        name: "marketing",
        when: "order.user.department == 'Marketing' && order.total > 50.0",
        then: { group: 10071 },
      },
      {
        name: "abroad",
        when: "!(order.billTo.country in ['US', 'CA'])",
        then: { group: 10065 },
      },
    ],
    otherwise: { approve: true },
  },
  "ultracart.events": { forward: ["crm"] },
  "emporix.events": {
    forward: ["crm", { to: "erp", when: "event.type == 'cart.closed'" }],
  },
  "events": { forward: ["erp"] },
};

async function playOn(
  { endpoints }: Loaded,
  handlers: readonly Handler[],
  keys: DemoKeys,
  serverUrl: string,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal },
): Promise<void> {
  const random = createMadeUpNumbers(count);
  for (const request of madeUpRequests(endpoints, handlers, random, FIRST_NUMBER + count)) {
    await pause(GAP_MS, signal);
    if (signal.aborted) return;
    const { endpoint, handler, below, body, isMiscopied } = request;
    const key = keys.get(handler.kind) ?? "";
    try {
      await playSender({
        ...{
          sender: handler.sample.sender,
          url: `${serverUrl}${endpoint.path}${below}`,
          key,
          body,
        },
        ...{ isSample: false, language: "en-US", timeoutMs: TIMEOUT_MS },
        ...(isMiscopied ? { strangerKey: `${key}\n` } : {}),
      });
    } catch {
      // The server stops.
      if (signal.aborted) return;
    }
  }
}
