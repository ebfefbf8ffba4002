/** A listener that could not be started. */
export class NotListening extends Error {
  override readonly name = "NotListening";
}

/** Which listener, and what to change when its port is taken. */
const LISTENERS = {
  server: { words: "", hint: "" },
  admin: {
    words: ", for admin",
    hint: "; set admin.port, or STOREHOOK_ADMIN_PORT, to another port",
  },
} as const;

/**
 * Starts a listener.
 *
 * @param section The section of the config that says where it listens.
 * @param settings What it says.
 * @param start Starts it.
 * @returns What was started.
 * @throws {NotListening} When it can't listen there.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * const fail = () => {
 *   throw new Deno.errors.AddrInUse("Address already in use");
 * };
 * assertThrows(
 *   () => listen("admin", { hostname: "127.0.0.1", port: 8081 }, fail),
 *   NotListening,
 *   "Cannot listen on 127.0.0.1, port 8081, for admin: Address already in use; set admin.port",
 * );
 * ```
 */
export function listen<Started>(
  section: keyof typeof LISTENERS,
  { hostname, port }: { readonly hostname: string; readonly port: number },
  start: () => Started,
): Started {
  try {
    return start();
  } catch (error) {
    const { words, hint } = LISTENERS[section];
    const reason = error instanceof Error ? error.message : String(error);
    const where = `${hostname}, port ${port}${words}`;
    throw new NotListening(`Cannot listen on ${where}: ${reason}${hint}`, { cause: error });
  }
}
