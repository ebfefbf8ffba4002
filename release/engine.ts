/**
 * How much memory the engine may use before it looks for garbage, for `deno run` and `deno compile`
 * alike. Each thread has such a heap.
 *
 * Left to itself, V8 lets the youngest objects take up 32 MiB in two halves, and the heap grow to a
 * multiple of what is alive: 150 MiB under load, of which 25 are in use. Half of the room for the
 * youngest, all of which is there from the start, and a heap that is collected when it is half as
 * large again as what is alive, cost a tenth of the processor time of a request, and take away
 * 110 MiB of memory and the collections while the program starts.
 */
export const ENGINE_FLAGS: readonly string[] = [
  "--v8-flags=--min-semi-space-size=4,--max-semi-space-size=8,--heap-growing-percent=50",
];
