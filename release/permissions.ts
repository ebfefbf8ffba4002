/**
 * What the program may do, for `deno run` and `deno compile` alike.
 *
 * A config names the hosts, the variables and the files, so that neither can be narrowed before it
 * is read. It never starts another program, loads a library or code, or asks about the system. On
 * Windows alone there is one exception: {@linkcode WINDOWS_PERMISSION_FLAGS}.
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

/**
 * What the executable for Windows may do: its commands for the service, `setup`, and they alone, call
 * functions of kernel32.dll and advapi32.dll; so does what looks whether a double click has opened a
 * window. `main.ts` gives the permission up before any other command begins, and `service run` before it reads its config. A list of files would not do: with
 * one, neither Deno 2.5 nor 2.9 lets Windows call back into the program.
 */
export const WINDOWS_PERMISSION_FLAGS: readonly string[] = PERMISSION_FLAGS.map((flag) =>
  flag === "--deny-ffi" ? "--allow-ffi" : flag
);
