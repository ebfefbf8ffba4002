/** A server that is measured, and how one is started. */
import { join } from "@std/path";
import { PEERS } from "../install_peers.ts";
import { writeDifferentOrders } from "../load/different_orders.ts";
import type { SignatureForm } from "../load/signed.ts";
import { runWrk } from "../load/wrk.ts";
import { startProcess } from "../process.ts";
import { type Server, serverOf } from "../storehook.ts";
import { checkContender } from "./check.ts";

/** Where all of them take order approvals. */
export const PATH = "/ustore/order-approval";

/** A server that is measured. */
export interface Contender extends Server {
  readonly signatureForm: SignatureForm;
  /** Whether it can sign what it answers. */
  readonly signs: boolean;
  /** The process of the server that it keeps deliveries with; with its children it counts too. */
  readonly storePid?: number;
}

/** What most of them can do. */
export const SIGNED = { signatureForm: "base64", signs: true } as const;

/** How a contender is started. */
export interface Starting {
  readonly name: string;
  readonly start: () => Promise<Contender>;
}

const PERMISSIONS: readonly string[] = [
  ...["--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-sys"],
];

/** Starts a script of the peers, which prints its port. */
export async function startPeer(
  name: string,
  runtime: "node" | "deno",
  file: string,
  args: readonly string[] = [],
): Promise<Contender> {
  const path = join(PEERS, "approval", file);
  // Logs of libraries would be written where nobody reads.
  const env = { RESTATE_LOGGING: "ERROR" };
  const process = runtime === "node" ? startProcess("node", [path, ...args], env) : startProcess(
    Deno.execPath(),
    ["run", ...PERMISSIONS, "--no-lock", "--no-check", path, ...args],
  );
  try {
    const url = `http://127.0.0.1:${await process.line()}`;
    return { ...serverOf(name, process, url), ...SIGNED };
  } catch (error) {
    await process[Symbol.asyncDispose]();
    throw error;
  }
}

/** Contenders that are started, and the names of those that this machine has not. */
export interface Started extends AsyncDisposable {
  readonly contenders: readonly Contender[];
  readonly missing: readonly string[];
}

/**
 * Starts contenders, has each answer one request and warms it up. What cannot be started or does not
 * answer as it should is left out.
 *
 * @param starting How each is started; the first has to.
 * @param folder Where files go.
 * @param warmUpSeconds How long each is warmed up.
 */
export async function startContenders(
  starting: readonly Starting[],
  folder: string,
  warmUpSeconds: number,
): Promise<Started> {
  const stack = new AsyncDisposableStack();
  const contenders: Contender[] = [];
  const missing: string[] = [];
  for (const [index, { name, start }] of starting.entries()) {
    try {
      const contender = stack.use(await start());
      await checkContender(contender, PATH);
      contenders.push(contender);
    } catch (error) {
      if (index === 0) throw error;
      console.error(`${name} is left out: ${error}`);
      missing.push(name);
    }
  }
  const orders = await writeDifferentOrders(folder);
  for (const { url, signatureForm } of contenders) {
    const sent = orders(signatureForm);
    await runWrk({ ...sent, url: `${url}${PATH}`, connections: 32, seconds: warmUpSeconds });
  }
  return { contenders, missing, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Waits until orders are taken, for those who say nothing when they do. */
export async function untilAnswered(
  url: string,
  process: AsyncDisposable,
  deadline = Date.now() + 30_000,
): Promise<void> {
  try {
    const answer = await fetch(`${url}${PATH}`, { method: "POST", body: "{}" });
    await answer.body?.cancel();
    if (answer.status !== 404) return;
  } catch (error) {
    if (Date.now() > deadline) {
      await process[Symbol.asyncDispose]();
      throw error;
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 25));
  await untilAnswered(url, process, deadline);
}
