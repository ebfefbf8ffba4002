import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import cartExport from "../../../handlers/ustore/samples/cart_export.json" with { type: "json" };
import { importKey, signBytes } from "../../../lib/auth/x_signature.ts";
import { startProgram, temporaryFolder } from "../program.ts";

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

/** Runs with the real program, with a journal of its own that outlives a restart. */
export async function withExportServer(run: (server: ExportServer) => Promise<void>) {
  await using folder = await temporaryFolder();
  const endpoint = { path: "/cart-export", kind: "ustore.cart-export", signatureKeys: [KEY] };
  const options = {
    config: { server: { publicUrl: PUBLIC_URL }, endpoints: [endpoint] },
    env: { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") },
  };
  let program = await startProgram(options);
  async function stop(): Promise<void> {
    program.kill("SIGTERM");
    await program.status;
    await program[Symbol.asyncDispose]();
  }
  try {
    await run({
      exportCart: (body) => exportCart(program.url, body),
      url: () => program.url,
      async restart() {
        await stop();
        program = await startProgram(options);
      },
    });
  } finally {
    await stop();
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
