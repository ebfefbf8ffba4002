/** Ticks of the clock that the kernel counts in: 100 on every Linux that Deno runs on. */
const TICKS_A_SECOND = 100;

/**
 * Tells the time that all threads of a process have used of all processors.
 *
 * @param pid The process.
 */
export async function cpuSeconds(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/stat`);
  // What precedes the last parenthesis is the command, which may hold blanks.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [userTicks = NaN, systemTicks = NaN] = fields.slice(11, 13).map(Number);
  return (userTicks + systemTicks) / TICKS_A_SECOND;
}

/** The memory of a process in MiB: now, and the most it ever had. */
export interface Memory {
  readonly residentMiB: number;
  readonly peakMiB: number;
}

/**
 * Tells the memory of a process.
 *
 * @param pid The process.
 */
export async function memoryOf(pid: number): Promise<Memory> {
  const text = await Deno.readTextFile(`/proc/${pid}/status`);
  const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1]) / 1024;
  return { residentMiB: field("VmRSS"), peakMiB: field("VmHWM") };
}

/**
 * Counts the open files, sockets and pipes of a process.
 *
 * @param pid The process.
 */
export async function openDescriptors(pid: number): Promise<number> {
  return (await Array.fromAsync(Deno.readDir(`/proc/${pid}/fd`))).length;
}
