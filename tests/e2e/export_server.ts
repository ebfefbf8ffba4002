import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import cartExport from "../../handlers/ustore/samples/cart_export.json" with { type: "json" };
import { importKey, signBytes } from "../../lib/auth/hmac.ts";

const KEY = "a key of the test";
/** What the program says its address is: another host, below a path, as a proxy would have it. */
const PUBLIC_URL = "https://hooks.example/storehook";

/** The body of a cart export. */
export type CartExport = typeof cartExport;

/** The sample that comes with the program. */
export const SAMPLE: CartExport = cartExport;

/** The program, running. */
export interface ExportServer {
  /** Exports a list as the store does, and gives the path of its page. */
  readonly exportCart: (body: CartExport) => Promise<string>;
  /** Where it listens now. */
  readonly url: () => string;
  /** Stops the program by a signal and starts it again with the same journal. */
  readonly restart: () => Promise<void>;
}

/** Runs with the real program, on a free port and with a journal of its own. */
export async function withExportServer(run: (server: ExportServer) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "storehook-" });
  const config = join(folder, "config.json");
  const endpoint = { path: "/cart-export", kind: "ustore.cart-export", signatureKeys: [KEY] };
  await Deno.writeTextFile(
    config,
    JSON.stringify({
      server: { port: 0, publicUrl: PUBLIC_URL },
      admin: { port: 0 },
      endpoints: [endpoint],
    }),
  );
  let program = await start(config);
  try {
    await run({
      exportCart: (body) => exportCart(program.url, body),
      url: () => program.url,
      async restart() {
        await program.stop();
        program = await start(config);
      },
    });
  } finally {
    await program.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

async function exportCart(url: string, body: CartExport): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const response = await fetch(`${url}/cart-export`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-Signature": await signBytes(await importKey(KEY), bytes),
    },
    body: bytes,
  });
  const answer = await response.json();
  assertEquals(response.status, 200, JSON.stringify(answer));
  assertEquals(answer.externalUrl.startsWith(`${PUBLIC_URL}/exports/`), true);
  return answer.externalUrl.slice(PUBLIC_URL.length);
}

interface Program {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

async function start(config: string): Promise<Program> {
  const main = fromFileUrl(new URL("../../main.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-lock", "--allow-all", main, "serve", "--config", config],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const listening = Promise.withResolvers<string | undefined>();
  const drained = drain(child.stdout, listening.resolve);
  const url = await listening.promise;
  async function stop(): Promise<void> {
    child.kill("SIGTERM");
    await Promise.all([child.status, drained]);
  }
  if (url === undefined) {
    await Promise.all([child.status, drained]);
    throw new Error("Cannot start the program: it ended before it listened");
  }
  return { url, stop };
}

/** Reads to the end, so that the program never waits for a reader, and tells the address. */
async function drain(
  said: ReadableStream<Uint8Array<ArrayBuffer>>,
  tell: (url: string | undefined) => void,
): Promise<void> {
  let text = "";
  for await (const chunk of said.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const [, url] = /listens on (http:\S+)\s/.exec(text) ?? [];
    if (url !== undefined) tell(url);
  }
  tell(undefined);
}
