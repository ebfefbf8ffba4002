/** A listener that could not be started. */
export class NotListening extends Error {
  override readonly name = "NotListening";
}

/** Which listener, and what stands above its settings. */
const LISTENERS = {
  server: {
    words: "",
    port: "server.port, STOREHOOK_SERVER_PORT or --port",
    hostname: "server.hostname, STOREHOOK_SERVER_HOSTNAME or --hostname",
  },
  admin: {
    words: ", for admin",
    port: "admin.port, or STOREHOOK_ADMIN_PORT,",
    hostname: "admin.hostname, or STOREHOOK_ADMIN_HOSTNAME,",
  },
} as const;

/** Below it, systems let administrators alone listen. */
const FIRST_FREE_PORT = 1024;

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
 *   "Cannot listen on 127.0.0.1, port 8081, for admin: Address already in use; stop",
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
    const reason = error instanceof Error ? error.message : String(error);
    const where = `${hostname}, port ${port}${LISTENERS[section].words}`;
    const hint = hintFor(section, port, error);
    throw new NotListening(`Cannot listen on ${where}: ${reason}${hint}`, { cause: error });
  }
}

/** What to do about it. */
function hintFor(section: keyof typeof LISTENERS, port: number, error: unknown): string {
  const settings = LISTENERS[section];
  if (error instanceof Deno.errors.AddrInUse) {
    return `; stop the program that listens there, or set ${settings.port} to another port`;
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return `; set ${settings.hostname} to an address of this machine, such as 127.0.0.1, or to ` +
      "0.0.0.0 for all of them";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return port < FIRST_FREE_PORT
      ? `; set ${settings.port} to ${FIRST_FREE_PORT} or more, or let the account listen on this one`
      : `; set ${settings.port} to one that the system has not kept for itself`;
  }
  return `; see ${settings.hostname}`;
}
