/** Inflates a bomb of 200 MiB, and tells what came of it and by how much the process grew. */
import { gzipSync } from "node:zlib";
import { openGunzip } from "../../../lib/http/body.ts";
import { Problem } from "../../../lib/http/problem/problem.ts";

const bomb = new Uint8Array(gzipSync(new Uint8Array(200 * 1024 * 1024)));
const before = Deno.memoryUsage().rss;
const problem: unknown = await openGunzip(1000)(bomb).catch((error: unknown) => error);
const code = problem instanceof Problem ? problem.code : undefined;
console.log(JSON.stringify({ code, grownBytes: Deno.memoryUsage().rss - before }));
