/** The program itself, as a process, with the journal on disk. */
import { fromFileUrl, join } from "@std/path";
import * as z from "zod";
import { ENGINE_FLAGS } from "../release/engine.ts";
import { PERMISSION_FLAGS } from "../release/permissions.ts";
import { KEY } from "./load/signed.ts";
import { type LineProcess, startProcess } from "./process.ts";

const sections = z.record(z.string(), z.unknown());
const MAIN = fromFileUrl(new URL("../main.ts", import.meta.url));
const SHIPPED_CONFIG = fromFileUrl(new URL("../config.json", import.meta.url));

/** A server that listens. */
export interface Server extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** Where it listens, without a path. */
  readonly url: string;
}

/** How the program is started. */
export interface StorehookOptions {
  /** The folder of its config and its journal; it is made when it is missing. */
  readonly folder: string;
  /** What differs from the shipped config. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  /** The address to listen on (default 127.0.0.1). */
  readonly hostname?: string;
  /** The file of its executable; from its sources unless given. */
  readonly executable?: string;
}

/**
 * The journal of a program that is started in a folder: where the shipped config has it.
 *
 * @param folder The folder.
 */
export function journalIn(folder: string): string {
  return join(folder, "data", "journal.db");
}

/**
 * Starts the program with the permissions and the heap of the executable. Its log goes to standard error, and
 * nobody reads that.
 *
 * @param options How.
 */
export async function startStorehook(
  { folder, config = {}, name = "Storehook", hostname = "127.0.0.1", executable }: StorehookOptions,
): Promise<Server> {
  await Deno.mkdir(folder, { recursive: true });
  const file = join(folder, "config.json");
  const shipped = sections.parse(JSON.parse(await Deno.readTextFile(SHIPPED_CONFIG)));
  await Deno.writeTextFile(file, JSON.stringify({ ...shipped, ...config }));
  const [command, ...args] = executable === undefined
    ? [Deno.execPath(), "run", "--no-lock", ...ENGINE_FLAGS, ...PERMISSION_FLAGS, MAIN]
    : [executable];
  const process = startProcess(command, [...args, "serve", "--config", file, "--port", "0"], {
    USTORE_SIGNATURE_KEY: KEY,
    STOREHOOK_SERVER_HOSTNAME: hostname,
    STOREHOOK_ADMIN_PORT: "0",
  });
  return serverOf(name, process, `http://127.0.0.1:${await portIn(process)}`);
}

/** The port in the first line that tells one. */
async function portIn(process: LineProcess): Promise<string> {
  const [, port] = /http:\/\/\S+:(\d+)/.exec(await process.line()) ?? [];
  return port ?? await portIn(process);
}

/** A server of a process. */
export function serverOf(name: string, process: LineProcess, url: string): Server {
  return {
    name,
    pid: process.pid,
    url,
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
