import type { Registry } from "../metrics/registry.ts";

/**
 * Adds what the process takes, and what it is.
 *
 * @param registry The registry.
 * @param version The program's version.
 */
export function addProcessMetrics(registry: Registry, version: string): void {
  const build = registry.gauge({
    name: "storehook_build_info",
    help: "Always 1; the labels tell the version of the program and of what it runs on.",
    labels: ["version", "deno", "target"],
  });
  build.child({ version, deno: Deno.version.deno, target: Deno.build.target }).set(1);
  const startedAt = registry.gauge({
    name: "process_start_time_seconds",
    help: "When the process started, in seconds since 1970.",
  }).child({});
  startedAt.set(performance.timeOrigin / 1000);
  const resident = registry.gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the machine that the process takes.",
  }).child({});
  const heap = registry.gauge({
    name: "storehook_heap_bytes",
    help: "Memory for JavaScript values. The state is used or reserved.",
    labels: ["state"],
  });
  const [used, reserved] = [heap.child({ state: "used" }), heap.child({ state: "reserved" })];
  registry.collect(() => {
    const { rss, heapUsed, heapTotal } = Deno.memoryUsage();
    resident.set(rss);
    used.set(heapUsed);
    reserved.set(heapTotal);
  });
}
