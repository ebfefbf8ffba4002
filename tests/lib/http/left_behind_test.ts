import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import * as z from "zod";
import { handlers } from "../../../handlers/mod.ts";
import { withFolder } from "../journal/samples.ts";

/** Memory, not time: it is the same on a busy machine. */
const MOST_BYTES = 3000;

Deno.test("runPipeline() leaves little behind that is not freed with the young generation", () =>
  withFolder(async (folder) => {
    const script = fromFileUrl(import.meta.resolve("./left_behind.ts"));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "-A", "--no-check", "--v8-flags=--expose-gc", script, folder],
    }).output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stderr));
    const left = z.record(z.string(), z.number()).parse(JSON.parse(decoder.decode(stdout)));
    assertEquals(Object.keys(left), handlers.map(({ kind }) => kind));
    for (const [kind, bytes] of Object.entries(left)) {
      assert(bytes < MOST_BYTES, `${bytes} bytes are left of a request of ${kind}`);
    }
  }));
