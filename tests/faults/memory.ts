/** What a process has resident, in bytes. */
export interface Memory {
  readonly now: number;
  /** The most that it had so far. */
  readonly peak: number;
}

/**
 * Tells how much memory a process has resident.
 *
 * @param pid The process.
 * @returns How much; `undefined` where the system does not tell it in `/proc`.
 */
export async function memoryOf(pid: number): Promise<Memory | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const text = await Deno.readTextFile(`/proc/${pid}/status`);
  const bytesOf = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1]) * 1024;
  return { now: bytesOf("VmRSS"), peak: bytesOf("VmHWM") };
}
