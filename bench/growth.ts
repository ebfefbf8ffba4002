/**
 * How a server fares with very much in its journal: ten million deliveries and ten million events.
 * Needs `wrk` and 20 GB of disk. `--folder DIR` keeps the journal there, where it is filled once and
 * gone on with if it was ended; `--deliveries N` takes another size; `--fill` fills it and no more;
 * `--clean-up` or `--compare` measures that alone.
 */
import { parseArgs } from "@std/cli/parse-args";
import { join } from "@std/path";
import * as z from "zod";
import { fillLargeJournal } from "./growth/fill_large_journal.ts";
import {
  cleanUpBeside,
  compareApprovals,
  compareStarts,
  type Figures,
  KEEP_ALL,
  lookInto,
} from "./growth/large_journal.ts";
import { journalIn, startStorehook } from "./storehook.ts";

const options = z.object({
  folder: z.string().optional(),
  deliveries: z.coerce.number().default(10_000_000),
  fill: z.boolean(),
  compare: z.boolean(),
  "clean-up": z.boolean(),
}).parse(parseArgs(Deno.args, {
  string: ["folder", "deliveries"],
  boolean: ["fill", "compare", "clean-up"],
}));
const count = options.deliveries;
const folder = options.folder ?? await Deno.makeTempDir();
const [empty, full] = [join(folder, "empty"), join(folder, "full")];

function show(figures: Figures): void {
  for (const [name, figure] of figures) console.log(`${name}: ${figure}`);
}

async function compare(): Promise<void> {
  show(await compareStarts(empty, full));
  show(await lookInto(full, count));
  await using emptyServer = await startStorehook({ folder: empty, config: KEEP_ALL });
  await using fullServer = await startStorehook({ folder: full, config: KEEP_ALL });
  show(await compareApprovals(emptyServer, fullServer, folder));
}

async function cleanUp(): Promise<void> {
  await using server = await startStorehook({ folder: full, config: KEEP_ALL });
  show(await cleanUpBeside(server, full));
}

try {
  await Deno.mkdir(join(full, "data"), { recursive: true });
  await fillLargeJournal(journalIn(full), count);
  const isAll = !options.fill && !options.compare && !options["clean-up"];
  if (isAll || options.compare) await compare();
  if (isAll || options["clean-up"]) await cleanUp();
} finally {
  if (options.folder === undefined) await Deno.remove(folder, { recursive: true });
}
