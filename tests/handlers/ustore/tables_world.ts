/** Configs with tables in files, opened, judged and asked. */
import { assert } from "@std/assert";
import { handlers } from "../../../handlers/mod.ts";
import { documentOf } from "../../../lib/http/json.ts";
import { atOnce } from "../../../lib/util/waiting.ts";
import type { Loaded } from "../../../lib/config/load.ts";
import { reportMistakes } from "../../../lib/config/mistake.ts";
import { memoryJournal } from "../../lib/journal/memory/memory.ts";
import { load } from "../../lib/config/load_text.ts";

type Files = Readonly<Record<string, string>>;

/** An endpoint of a kind, with a key. */
export function endpoint(kind: string, settings: object) {
  return { path: `/${kind}`, kind, signatureKeys: ["0b4c9a7e-tables"], ...settings };
}

/** Opens a config in which nothing is wrong. */
export async function open(config: object, files: Files): Promise<Loaded> {
  const loaded = await load({ timeZone: "UTC", ...config }, { files, kinds: handlers });
  if ("mistakes" in loaded) throw new Error(JSON.stringify(loaded.mistakes));
  return loaded;
}

/** Tells what is wrong with a config, in words. */
export async function judge(config: object, files: Files) {
  const loaded = await load({ timeZone: "UTC", ...config }, { files, kinds: handlers });
  const show = (list: Loaded["warnings"]) =>
    reportMistakes(list, { file: "config.json", colour: false });
  return {
    mistakes: "mistakes" in loaded ? show(loaded.mistakes) : "",
    warnings: show(loaded.warnings),
    notes: "notes" in loaded ? show(loaded.notes) : "",
  };
}

/** Decides the sample of an endpoint's kind. */
export async function decideSample({ endpoints }: Loaded, at = 0) {
  const opened = endpoints[at];
  const sample = handlers.find(({ kind }) => kind === opened?.kind)?.sample.request;
  assert(opened !== undefined);
  const body = new TextEncoder().encode(JSON.stringify(sample));
  const journal = memoryJournal();
  return await opened.answer({
    ...{ body, requestId: "r", headers: new Headers(), document: atOnce(documentOf(opened, body)) },
    url: () => new URL("http://localhost/"),
    ask: () => Promise.resolve(undefined),
    exportOf: (key, id) => journal.exportOf(opened.path, key, id),
  });
}
