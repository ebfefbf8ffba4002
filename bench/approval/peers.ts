/** What a user would pick instead, and the limit on this runtime. */
import { join } from "@std/path";
import { KEY, type SignatureForm } from "../load/signed.ts";
import { PEERS } from "../install_peers.ts";
import { FASTIFY, SYNCED } from "./names.ts";
import { startProcess } from "../process.ts";
import { type Server, serverOf } from "../storehook.ts";

/** A server that is measured. */
export interface Contender extends Server {
  readonly signatureForm: SignatureForm;
  /** Whether it can sign what it answers. */
  readonly signs: boolean;
}

const SCRIPTS: readonly (readonly [name: string, command: string, file: string])[] = [
  [FASTIFY, "node", "fastify.js"],
  ["Express", "node", "express.js"],
  ["Hono on Deno", Deno.execPath(), "hono.js"],
  ["Deno.serve by hand", Deno.execPath(), "serve.js"],
  [SYNCED, Deno.execPath(), "serve_synced.js"],
];

const PERMISSIONS: readonly string[] = ["--allow-net", "--allow-read", "--allow-write"];

/**
 * Starts the peers that this machine has.
 *
 * @param folder Where files for them go.
 */
export async function startPeers(folder: string): Promise<readonly Contender[]> {
  const scripts = await Promise.all(SCRIPTS.map(async ([name, command, file]) => {
    const runtime = command === "node" ? [] : ["run", ...PERMISSIONS, "--no-lock", "--no-check"];
    // For the one that keeps what it gets.
    const kept = join(folder, "kept");
    const process = startProcess(command, [...runtime, join(PEERS, "approval", file), kept]);
    const url = `http://127.0.0.1:${await process.line()}`;
    return { ...serverOf(name, process, url), signatureForm: "base64" as const, signs: true };
  }));
  const webhook = await startWebhook(folder);
  return webhook === undefined ? scripts : [...scripts, webhook];
}

/**
 * The tool `webhook` of Debian. Its answer is fixed and not signed, and it wants the signature in
 * hexadecimal. The command that it is made to run does not exist, so that none is paid for.
 */
async function startWebhook(folder: string): Promise<Contender | undefined> {
  const file = join(folder, "hooks.json");
  await Deno.writeTextFile(file, JSON.stringify(["order-approval", "manufacturer"].map(hook)));
  const port = freePort();
  const args = ["-hooks", file, "-ip", "127.0.0.1", "-port", `${port}`, "-urlprefix", "ustore"];
  try {
    const process = startProcess("webhook", args);
    const url = `http://127.0.0.1:${port}`;
    await answers(url);
    return { ...serverOf("webhook", process, url), signatureForm: "hex", signs: false };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function hook(id: string) {
  return {
    id,
    "execute-command": "/nonexistent",
    "response-message": '{"ApprovalGroupId":10065,"IsApprovalNeeded":true}',
    "response-headers": [{ name: "Content-Type", value: "application/json" }],
    "trigger-rule-mismatch-http-response-code": 401,
    "trigger-rule": {
      match: {
        type: "payload-hmac-sha512",
        secret: KEY,
        parameter: { source: "header", name: "X-Signature" },
      },
    },
  };
}

/** The tool does not tell which port it took, so one is taken for it. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until something listens; the tool says nothing when it does. */
async function answers(url: string, triesLeft = 200): Promise<void> {
  try {
    await (await fetch(url)).body?.cancel();
  } catch (error) {
    if (triesLeft === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 25));
    await answers(url, triesLeft - 1);
  }
}
