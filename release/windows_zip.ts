import { zipSync } from "fflate";
import { join } from "@std/path";
import { sampleConfig } from "../handlers/ustore/sample_config.ts";
import { VERSION } from "../lib/cli/version.ts";
import { withLineEnds } from "../lib/cli/terminal/format.ts";
import { ROOT } from "./executable.ts";

/** Of the config that is there to read: with it nobody runs by mistake, as with a key that all know. */
const SAMPLE_KEY = "${USTORE_SIGNATURE_KEY}";

/**
 * Packs what an administrator of Windows downloads: the executable, a config to read, the licence and
 * a guide, whose lines end as every Notepad shows them.
 *
 * @param executable The executable.
 * @param time When what it was built of was committed; each file in it has that time.
 * @returns The archive; the same bytes each time.
 */
export async function packForWindows(
  executable: Uint8Array<ArrayBuffer>,
  time: Date,
): Promise<Uint8Array<ArrayBuffer>> {
  const read = (name: string) => Deno.readTextFile(join(ROOT, name));
  const guide = (await read("release/windows_guide.txt")).replaceAll("VERSION", VERSION);
  const texts = {
    "README.txt": guide.replace(/(?<=\n)=+(?=\n)/, (line) => line.slice(0, guide.indexOf("\n"))),
    "LICENSE.txt": await read("LICENSE"),
    "config.sample.json": sampleConfig(() => SAMPLE_KEY),
  };
  const encoder = new TextEncoder();
  const files = Object.entries(texts).map(([name, text]) =>
    [name, encoder.encode(withLineEnds(text, "windows"))] as const
  );
  // An archive holds local times without a zone: those of UTC are the same everywhere.
  const mtime = new Date(time.getTime() + time.getTimezoneOffset() * 60_000);
  return zipSync(Object.fromEntries([["storehook.exe", executable], ...files]), { mtime });
}
