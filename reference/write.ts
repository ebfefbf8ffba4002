/** Writes the parts of `docs/` that are made of the schema and of the table of commands: `deno task docs`. */
import { writtenPages } from "./pages.ts";

for (const { path, rewrite } of writtenPages) {
  const file = new URL(`../${path}`, import.meta.url);
  const page = await Deno.readTextFile(file);
  const written = await rewrite(page);
  if (written !== page) await Deno.writeTextFile(file, written);
  console.log(`${path} ${written === page ? "is as it was" : "is written anew"}`);
}
