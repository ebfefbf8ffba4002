import { z } from "zod";

const measured = z.object({
  requestsPerSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  // One that fails costs less than one that is taken in: then nothing was measured.
  failed: z.literal(0),
});

/** What a round came to. */
export type Measured = z.output<typeof measured>;

/**
 * Sends signed requests on connections that stay open.
 *
 * @param port Where to, on this machine.
 * @param requests The file of the requests.
 * @param seconds For how long, or until each was sent.
 * @returns What was measured.
 * @throws {Deno.errors.NotFound} When there is no `wrk`; Debian has a package of that name.
 */
export async function wrk(port: string, requests: string, seconds: number): Promise<Measured> {
  const script = new URL("./wrk.lua", import.meta.url).pathname;
  const { stdout } = await new Deno.Command("wrk", {
    args: [
      ...["-t", "1", "-c", "32", "-d", `${seconds}s`, "-s", script],
      ...[`http://127.0.0.1:${port}`, "--", requests],
    ],
    stderr: "inherit",
  }).output();
  const last = new TextDecoder().decode(stdout).trim().split("\n").at(-1) ?? "";
  return measured.parse(JSON.parse(last));
}
