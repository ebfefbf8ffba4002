import { join } from "@std/path";
import { createFileReader, watchFiles, type WatchOptions } from "../../../lib/util/watch_files.ts";

/** A file that is watched, and what was read of it at each change. */
export interface Watched extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  force(): void;
  /** Waits for the next change that was told, and gives what stood in the file then. */
  changed(): Promise<string>;
  /** What changes told and nobody waited for yet. */
  untold(): readonly string[];
}

/**
 * Watches a file of its own.
 *
 * @param options How.
 * @param file Its path in a temporary folder.
 */
export async function startWatch(
  options: Pick<WatchOptions, "pollMs" | "untouchable" | "pause"> = {},
  prepare: (folder: string) => Promise<string> = plainFile,
): Promise<Watched> {
  const folder = await Deno.makeTempDir();
  const file = await prepare(folder);
  const told: string[] = [];
  let arrived = Promise.withResolvers<void>();

  async function read() {
    const reader = createFileReader();
    const text = await reader.read(file).then((bytes) => new TextDecoder().decode(bytes))
      .catch((error) => error.name);
    return { text, seen: reader.seen };
  }

  const watch = watchFiles({
    ...options,
    seen: (await read()).seen,
    async onChange() {
      const { text, seen } = await read();
      told.push(text);
      arrived.resolve();
      arrived = Promise.withResolvers();
      return seen;
    },
  });
  return {
    folder,
    file,
    force: watch.force,
    async changed() {
      while (told.length === 0) await arrived.promise;
      return told.shift() ?? "";
    },
    untold: () => told,
    async [Symbol.asyncDispose]() {
      await watch.stop();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function plainFile(folder: string): Promise<string> {
  const file = join(folder, "config.json");
  await Deno.writeTextFile(file, "first");
  return file;
}
