/** On what was measured: figures mean little without it. */

/** A fact by its name. */
export type Fact = readonly [name: string, value: string];

/** Names the machine and what runs on it. */
export async function machineFacts(): Promise<readonly Fact[]> {
  const cpu = await Deno.readTextFile("/proc/cpuinfo");
  const memory = await Deno.readTextFile("/proc/meminfo");
  const model = /model name\s*: (.+)/.exec(cpu)?.[1] ?? "unknown";
  const gibibytes = Number(/MemTotal:\s+(\d+)/.exec(memory)?.[1]) / 1_048_576;
  return [
    ["date", new Date().toISOString().slice(0, 10)],
    ["processor", `${model}, ${navigator.hardwareConcurrency} cores`],
    ["memory", `${gibibytes.toFixed(0)} GiB`],
    ["Linux", Deno.osRelease()],
    ["Deno", `${Deno.version.deno}, V8 ${Deno.version.v8}`],
    ["Node", await versionBy("node", "--version")],
    ["wrk", await versionBy("wrk", "--version")],
    ["webhook", await versionBy("webhook", "-version")],
    ["PostgreSQL", await versionBy("psql", "--version")],
  ];
}

/** The version in what a command says, whatever it says around it. */
async function versionBy(command: string, flag: string): Promise<string> {
  try {
    const { stdout, stderr } = await new Deno.Command(command, { args: [flag] }).output();
    const text = new TextDecoder().decode(new Uint8Array([...stdout, ...stderr]));
    return /\d+(?:\.\d+)+/.exec(text)?.[0] ?? "unknown";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "not installed";
    throw error;
  }
}
