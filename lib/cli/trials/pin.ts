import { dirname, isAbsolute, join, resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { Loaded } from "../../config/load.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { findByPattern, isPattern } from "../../trials/rule_tests/find_files.ts";
import { loadRuleTests } from "../../trials/rule_tests/load.ts";
import { nameOfPinned, pinDelivery, type PinnedTest } from "../../trials/rule_tests/pin.ts";
import { runRuleTests } from "../../trials/rule_tests/run.ts";
import { describeReadFailure } from "../../util/files.ts";
import { locateForLoading } from "../config/load.ts";
import { loadLocated } from "../config/load.ts";
import { readDelivery } from "../deliveries/find_delivery.ts";
import { withLineEnds } from "../terminal/format.ts";
import type { Options, RunCommand } from "../terminal/table.ts";
import { type Terminal, UsageError } from "../terminal/terminal.ts";

/**
 * Makes `storehook test pin`.
 *
 * @param kinds The kinds that endpoints may have.
 */
export function pinCommand(kinds: readonly EndpointKind[]): RunCommand {
  return async (options, terminal) => {
    const config = options.text("config");
    const [name = ""] = options.words;
    const delivery = await readDelivery(name, { config, kinds }, terminal);
    if (typeof delivery === "number") return delivery;
    const load = await locateForLoading({ config, kinds }, terminal);
    const loaded = await loadLocated(load, terminal);
    if (loaded === undefined) return 2;
    const file = await fileFor(options, delivery, loaded, load.file);
    const pinned = await pin(delivery, loaded, options);
    const complaint = typeof pinned === "string"
      ? pinned
      : pinned.kept.some(({ isCoarse }) => !isCoarse)
      ? describeKept(pinned, delivery)
      : await whyWrong(pinned, loaded, kinds);
    if (typeof pinned === "string" || complaint !== undefined) {
      terminal.err(`Cannot pin delivery ${delivery.id}: ${complaint}\n`);
      return 1;
    }
    const text = `${JSON.stringify([pinned.test], null, 2)}\n`;
    if (file === "-") terminal.out(text);
    else await write(file, text);
    tell({ pinned, delivery, file }, options, terminal);
    return 0;
  };
}

async function pin(
  delivery: StoredDelivery,
  { endpoints }: Pick<Loaded, "endpoints">,
  options: Options,
): Promise<PinnedTest | string> {
  const endpoint = endpoints.find(({ path }) => path === delivery.endpoint);
  if (endpoint === undefined) {
    return `the config has no endpoint ${delivery.endpoint} any more`;
  }
  const name = options.text("name") ?? nameOfPinned(delivery);
  const keep = (options.text("keep") ?? "").split(",").filter((one) => one !== "");
  try {
    return await pinDelivery({ delivery, endpoint, name: name.slice(0, 200), keep });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return "its body is no JSON";
  }
}

function describeKept({ kept }: PinnedTest, { id }: StoredDelivery): string {
  const groups = kept.filter(({ isCoarse }) => !isCoarse).map(({ group }) => group);
  return `rules decide by what is about a person, and otherwise without it: ${
    groups.join(", ")
  }\n` +
    `To have it in the test as it is: storehook test pin ${id} --keep ${groups.join(",")}`;
}

/** Runs what would be written, as it would be read. */
async function whyWrong(
  { test }: PinnedTest,
  { endpoints }: Pick<Loaded, "endpoints">,
  kinds: readonly EndpointKind[],
): Promise<string | undefined> {
  const { tests, mistakes } = await loadRuleTests({
    patterns: ["pinned.json"],
    folder: Deno.cwd(),
    endpoints,
    kinds,
    readFile: () => Promise.resolve(new TextEncoder().encode(JSON.stringify([test]))),
    listFolder: () => Promise.resolve([]),
  });
  const [mistake] = mistakes;
  if (mistake !== undefined) return `the test would have a mistake: ${mistake.message}`;
  const [result] = await runRuleTests(tests);
  const [difference] = result?.differences ?? [];
  return difference === undefined
    ? undefined
    : "without what is about a person it is decided otherwise: " +
      `${difference.what}: expected ${difference.expected}, got ${difference.got}`;
}

/** Where it goes: `--out`, or the folder of the first files of tests. */
async function fileFor(
  options: Options,
  { id, receivedAt }: StoredDelivery,
  { config }: Pick<Loaded, "config">,
  configFile: string,
): Promise<string> {
  const out = options.text("out");
  if (out !== undefined) return out === "-" ? out : resolve(out);
  const day = new Date(receivedAt).toISOString().slice(0, 10);
  const name = `pinned-${day}-${id.slice(-8)}.json`;
  for (const pattern of config.tests) {
    if (!isPattern(pattern)) continue;
    const steps = pattern.replaceAll("\\", "/").split("/");
    const below = steps.slice(0, steps.findIndex(isPattern)).join("/");
    const folder = resolve(
      dirname(resolve(configFile)),
      below || (isAbsolute(pattern) ? "/" : "."),
    );
    const entry = { name, isFile: true, isDirectory: false, isSymlink: false };
    // Only where it would be found again.
    const alone = `${folder}/${steps.at(-1)}`;
    const { files } = await findByPattern(alone, "/", () => Promise.resolve([entry]));
    if (files.length > 0) return join(folder, name);
  }
  throw new UsageError(
    'Nothing says where tests stand: give --out FILE, or write "tests": ["tests/*.json"] into the ' +
      "config",
  );
}

async function write(file: string, text: string): Promise<void> {
  try {
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, withLineEnds(text), { createNew: true });
  } catch (error) {
    const reason = error instanceof Deno.errors.AlreadyExists
      ? "the file exists"
      : describeReadFailure(error);
    throw new UsageError(`Cannot write "${file}": ${reason}`, { cause: error });
  }
}

function tell(
  { pinned, delivery, file }: {
    readonly pinned: PinnedTest;
    readonly delivery: StoredDelivery;
    readonly file: string;
  },
  options: Options,
  terminal: Terminal,
): void {
  const { test: { name }, kept, isOther } = pinned;
  const groups = kept.map(({ group }) => group);
  if (isOther) {
    terminal.err(
      `Delivery ${delivery.id} was decided otherwise then; the test says how it is now\n`,
    );
  }
  if (groups.length > 0) terminal.err(`Rules decide by it, so it stays: ${groups.join(", ")}\n`);
  if (file === "-") return;
  terminal.out(
    options.flag("json")
      ? `${JSON.stringify({ file, name, delivery: delivery.id, kept: groups, isOther })}\n`
      : `${file} is written: ${name}\n`,
  );
}
