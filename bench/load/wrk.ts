import { fromFileUrl } from "@std/path";
import * as z from "zod";
import type { SignatureForm } from "./signed.ts";

const loaded = z.object({
  requests: z.number(),
  seconds: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  // One that fails costs less than one that is answered: then nothing was measured.
  failed: z.literal(0),
});

/** What a load came to. */
export type Loaded = z.output<typeof loaded>;

/** What is sent, and how. */
export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The file of the body; or of several, as `writeDifferentOrders()` writes them. */
  readonly bodyFile: string;
  /** Whether it holds one, or several that are sent in turn, with signatures of a form. */
  readonly sending?: "one" | `in turn, ${SignatureForm}`;
  readonly connections: number;
  readonly seconds: number;
  /** The mean pause of a connection before each request; without one it sends as fast as it can. */
  readonly pauseMs?: number;
}

/**
 * Sends one request again and again, or several in turn, on connections that stay open.
 *
 * @param load What is sent, and how.
 * @returns What it came to.
 * @throws {Deno.errors.NotFound} When there is no `wrk`; Debian has a package of that name.
 * @throws {z.ZodError} When an answer was not 2xx or did not come.
 */
export async function runWrk(load: Load): Promise<Loaded> {
  const { url, headers, bodyFile, sending = "one", connections, seconds, pauseMs = 0 } = load;
  const { stdout } = await new Deno.Command("wrk", {
    args: [
      ...["-t", "1", "-c", `${connections}`, "-d", `${seconds}s`, "--timeout", "10s"],
      ...["-s", fromFileUrl(new URL("./post.lua", import.meta.url)), url, "--"],
      ...[bodyFile, sending, `${pauseMs}`, ...Object.entries(headers).flat()],
    ],
    stderr: "inherit",
  }).output();
  const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
  return loaded.parse(JSON.parse(last));
}
