/**
 * What the program may do, for `deno run` and `deno compile` alike.
 *
 * A config names the hosts, the variables and the files, so that neither can be narrowed before it
 * is read. It never starts another program, loads a library or code, or asks about the system.
 */
export const PERMISSION_FLAGS: readonly string[] = [
  "--no-prompt",
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--deny-run",
  "--deny-ffi",
  "--deny-sys",
  "--deny-import",
  // Denying the import of remote code does not stop Deno 2.9.6 from fetching it.
  "--no-remote",
];
