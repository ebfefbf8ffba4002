/**
 * The journal that version 0.1.0 left after a clean stop, and what that version read of it:
 * tests/fixtures/journal-0.1.0. It has approvals, a manufacturer, exports with versions, events with
 * forwards in every state, an erased delivery, one that is known by its key alone, and refused
 * deliveries. That version left a part of it in the write-ahead log.
 */
import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";

/** How version 0.1.0 may have left it: with its log beside it, or with all in one file. */
export type LeftAs = "with its log" | "in one file";

const FIXTURE = join(import.meta.dirname ?? ".", "../../fixtures/journal-0.1.0");

/** Puts the journal into a folder and gives its path. */
export async function restoreJournal(folder: string, leftAs: LeftAs): Promise<string> {
  const path = join(folder, "journal.db");
  await Deno.writeFile(path, await unpack("journal.db"), { mode: 0o600 });
  await Deno.writeFile(`${path}-wal`, await unpack("journal.db-wal"), { mode: 0o600 });
  if (leftAs === "in one file") {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    database.close();
  }
  return path;
}

/** What that version read of it, by its contract; bytes stand in base64. */
export interface Content {
  readonly deliveries: readonly Kept[];
  readonly events: readonly Kept[];
  readonly forwards: readonly Kept[];
  readonly exports: readonly (Kept & { readonly token: string; readonly version: number })[];
  readonly neverSaved: { readonly externalId: string; readonly token: string };
  readonly disabled: Readonly<Record<string, object>>;
}

/** Fields of what is kept, by their names in the contract. */
export type Kept = Readonly<Record<string, unknown>> & { readonly id: string };

/** Reads what that version read of it. */
export async function contentOf010(): Promise<Content> {
  return JSON.parse(new TextDecoder().decode(await unpack("content.json")), (_, value) => {
    const isBytes = typeof value === "object" && value !== null && "base64" in value;
    return isBytes ? Uint8Array.fromBase64(value.base64) : value;
  });
}

async function unpack(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = await Deno.open(join(FIXTURE, `${name}.gz`));
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).bytes();
}
