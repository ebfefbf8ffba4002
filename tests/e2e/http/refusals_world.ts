/** A server that keeps what it refuses, and reads it from its journal. */
import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import * as z from "zod";
import { startProgram, temporaryFolder } from "../program.ts";
import { runHere } from "../run_here.ts";

/** What callers are known by, which is to be read nowhere. */
export const KEY = "a-key-of-the-store";
export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const EMPORIX = "emporix-secret";
export const TOKEN = "0123456789abcdef";
/** What is sent unless a test says otherwise. */
export const BODY = '{"Order":{"@OrderId":"1"}}';
const NOWHERE = ["192.0.2.0/24"];

const CONFIG = {
  endpoints: [
    { path: "/far", kind: "ustore.order-approval", signatureKeys: [KEY], addresses: NOWHERE },
    {
      path: "/near",
      kind: "ustore.order-approval",
      signatureKeys: [KEY],
      otherwise: { approve: true },
    },
    {
      path: "/emporix-far",
      kind: "emporix.events",
      auth: { type: "emporix", secrets: [EMPORIX] },
      addresses: NOWHERE,
    },
    {
      path: "/other",
      kind: "ustore.order-approval",
      signatureKeys: ["a-key-of-another-store"],
      otherwise: { approve: true },
    },
    { path: "/emporix", kind: "emporix.events", auth: { type: "emporix", secrets: [EMPORIX] } },
    { path: "/events", kind: "events", auth: { type: "standard-webhooks", secrets: [SECRET] } },
    {
      path: "/uc",
      kind: "ultracart.events",
      pathToken: TOKEN,
      auth: { type: "basic", username: "ann", password: "correct-horse" },
    },
  ],
};

const delivery = z.object({
  endpoint: z.string(),
  status: z.int(),
  verifiedBy: z.string().nullable(),
  note: z.string().optional(),
  headers: z.array(z.tuple([z.string(), z.string()])),
});

/** A request, but for what is the same in all. */
export interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly method?: string;
}

/** A server with its journal in a folder. */
export async function withServer(
  run: (server: {
    send(sent: Sent): Promise<number>;
    /** The only delivery of a request id, as the journal has it. */
    kept(requestId: string): Promise<z.infer<typeof delivery>>;
    command(...args: readonly string[]): Promise<string>;
    /** Waits until the server has logged such a text. */
    logged(text: RegExp): Promise<void>;
    stderr(): string;
  }) => Promise<void>,
): Promise<void> {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  await Deno.writeTextFile(
    config,
    JSON.stringify({ ...CONFIG, journal: { path: join(folder.path, "data", "journal.db") } }),
  );
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "data", "journal.db") };
  await using program = await startProgram({ config, env });
  async function command(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await runHere([...args, "--config", config], { env });
    assertEquals([code, stderr], [0, ""]);
    return stdout;
  }
  await run({
    command,
    logged: program.logged,
    stderr: () => program.stderr(),
    async send({ path, headers, body = BODY, method = "POST" }) {
      const response = await fetch(program.url + path, {
        method,
        headers: { "Content-Type": "application/json", ...headers },
        ...(method === "GET" ? {} : { body }),
      });
      await response.body?.cancel();
      return response.status;
    },
    kept: async (requestId) =>
      delivery.parse(JSON.parse(await command("deliveries", "show", requestId, "--json"))),
  });
}
