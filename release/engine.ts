/**
 * How much memory the engine may use before it looks for garbage, and what it may note, for
 * `deno run` and `deno compile` alike. Each thread has such a heap.
 *
 * Left to itself, V8 lets the youngest objects of a thread take up 48 MiB, and its heap grow to a
 * multiple of what is alive: under load that was 150 MiB, of which 25 were in use. Half of the room
 * for the youngest, begun with a quarter, and a collection once the heap is half as large again as
 * what is alive take 100 MiB off the peak, at 2 to 5 % of the processor time of a request. With less
 * room for the youngest, more of what a request leaves grows old: 4 MiB cost 15 %.
 *
 * What the engine notes of how often functions were called, to compile them sooner another time,
 * would stand in what `keepCompiled()` keeps, and differ each time that an executable is made.
 */
export const ENGINE_FLAGS: readonly string[] = [
  "--v8-flags=--min-semi-space-size=4,--max-semi-space-size=8,--heap-growing-percent=50," +
  "--no-profile-guided-optimization",
];
