/** Ticks of the clock that the kernel counts in: 100 on every Linux that Deno runs on. */
const TICKS_A_SECOND = 100;

/**
 * Tells the time that all threads of a process, and what it started and saw end, have used of all
 * processors.
 *
 * @param pid The process.
 */
export async function cpuSeconds(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/stat`);
  // What precedes the last parenthesis is the command, which may hold blanks.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).map(Number);
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_A_SECOND;
}

/**
 * Tells the same of a process and those that it started and that still run.
 *
 * @param pid The process, which starts others from its first thread.
 */
export async function cpuSecondsOfTree(pid: number): Promise<number> {
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  const ofChildren = children.split(" ").filter((child) => child.trim() !== "").map(Number)
    // One that ended meanwhile is counted by who started it.
    .map((child) => cpuSeconds(child).catch(() => 0));
  const all = await Promise.all([cpuSeconds(pid), ...ofChildren]);
  return all.reduce((sum, each) => sum + each, 0);
}

/** What each thread of a process has used of all processors. */
export interface ThreadTime {
  readonly name: string;
  readonly micros: number;
}

/**
 * Tells it of the threads that run, by the kernel's own count in nanoseconds.
 *
 * @param pid The process.
 * @returns By the thread's id.
 */
export async function threadTimes(pid: number): Promise<ReadonlyMap<string, ThreadTime>> {
  const times = new Map<string, ThreadTime>();
  for await (const { name: id } of Deno.readDir(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${id}`;
    const [nanoseconds = "0"] = (await Deno.readTextFile(`${folder}/schedstat`)).split(" ");
    const name = (await Deno.readTextFile(`${folder}/comm`)).trim();
    times.set(id, { name, micros: Number(nanoseconds) / 1000 });
  }
  return times;
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
