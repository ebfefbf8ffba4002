// @ts-types="@types/pg"
import pg from "pg";
import { dirname, fromFileUrl, join } from "@std/path";
import * as z from "zod";
import { Lists } from "../../lib/journal/postgres/lists.ts";
import { ListsQuery } from "../../lib/journal/postgres/query_lists.ts";

/** How a statement was run. */
export interface Explained {
  readonly text: string;
  /** Tables of which all rows are read. */
  readonly scans: readonly string[];
  /** Pages of 8 KiB that it looks at. */
  readonly pages: number;
}

/** Asks the database of each statement how it runs it, before it does. */
export interface Explaining extends Disposable {
  readonly statements: readonly Explained[];
  /** Where statements were run, as `file.ts:line`, through however many functions. */
  readonly places: ReadonlySet<string>;
}

const ROOM = join(dirname(fromFileUrl(import.meta.url)), "../../lib/journal/postgres");
const EXPLAINABLE = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/;

interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string | undefined;
  readonly "Shared Hit Blocks"?: number | undefined;
  readonly "Shared Read Blocks"?: number | undefined;
  readonly "Plans"?: readonly Plan[] | undefined;
}
const planSchema: z.ZodType<Plan> = z.object({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  "Shared Hit Blocks": z.number().optional(),
  "Shared Read Blocks": z.number().optional(),
  get Plans() {
    return z.array(planSchema).optional();
  },
});
const rowsSchema = z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: planSchema })]) })]);
const resultSchema = z.object({ rows: z.unknown() });
const sentSchema = z.object({ text: z.string(), values: z.array(z.unknown()) });

/** A statement with its parameters. */
interface Sent {
  readonly text: string;
  readonly values: readonly unknown[] | Lists;
}

function sentIn(query: unknown): Sent | undefined {
  if (query instanceof ListsQuery) return { text: query.statement, values: query.lists };
  return sentSchema.safeParse(query).data;
}

async function rowsOf(run: (sent: unknown) => unknown, { text, values }: Sent): Promise<unknown> {
  if (!(values instanceof Lists)) return resultSchema.parse(await run({ text, values })).rows;
  return await new Promise((resolve, reject) => {
    run(
      new ListsQuery(text, values, (error, rows) => {
        if (error) reject(error);
        else resolve(rows);
      }),
    );
  });
}

/** Whatever client runs a statement from here on; for one test at a time. */
export function startExplaining(): Explaining {
  const statements: Explained[] = [];
  const places = new Set<string>();
  const transactions = new WeakSet<pg.Client>();
  const { query } = pg.Client.prototype;
  const { stackTraceLimit } = Error;
  // Whoever waits for whom is told as far as this.
  Error.stackTraceLimit = 100;

  /** Runs it once and takes that back, so that what is told is what it did. */
  async function explain(client: pg.Client, sent: Sent): Promise<void> {
    const run = (sent: unknown) => Reflect.apply(query, client, [sent]);
    const isWithin = transactions.has(client);
    await run(isWithin ? "SAVEPOINT explained" : "BEGIN");
    try {
      const asked = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${sent.text}`;
      const [row] = rowsSchema.parse(await rowsOf(run, { ...sent, text: asked }));
      const [{ Plan: plan }] = row["QUERY PLAN"];
      const pages = (plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0);
      statements.push({ text: sent.text, scans: scansOf(plan), pages });
    } catch {
      // What it runs into, it runs into again.
    }
    await run(isWithin ? "ROLLBACK TO SAVEPOINT explained" : "ROLLBACK");
  }

  const patched = function (this: pg.Client, ...args: unknown[]): unknown {
    const sent = sentIn(args[0]);
    if (sent?.text === "BEGIN") transactions.add(this);
    if (/^(?:COMMIT|ROLLBACK)$/.test(sent?.text ?? "")) transactions.delete(this);
    if (sent === undefined || !EXPLAINABLE.test(sent.text)) {
      return Reflect.apply(query, this, args);
    }
    for (const place of placesOf(new Error().stack ?? "")) places.add(place);
    return explain(this, sent).then(() => Reflect.apply(query, this, args));
  };
  Reflect.set(pg.Client.prototype, "query", patched);
  return {
    statements,
    places,
    [Symbol.dispose]() {
      Reflect.set(pg.Client.prototype, "query", query);
      Error.stackTraceLimit = stackTraceLimit;
    },
  };
}

function scansOf(plan: Plan): readonly string[] {
  const own = plan["Node Type"] === "Seq Scan" ? [plan["Relation Name"] ?? ""] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scansOf)];
}

function placesOf(stack: string): readonly string[] {
  return [...stack.matchAll(/lib\/journal\/postgres\/(\w+\.ts):(\d+)/g)]
    .map(([, file, line]) => `${file}:${line}`);
}

/** What runs a statement, or hands it to what does, in the words of the room. */
const RUNS = /(?<!function )\b(?:query|insertRows|readPage)\(/;

/**
 * Lists where the files of the store run statements, by reading them.
 *
 * @param except Files, and functions of the others, that are left out.
 * @returns The places, as `file.ts:line`.
 */
export function placesThatQuery(except: ReadonlySet<string>): readonly string[] {
  const files = [...Deno.readDirSync(ROOM)].map(({ name }) => name)
    .filter((name) => !except.has(name)).sort();
  return files.flatMap((name) => {
    let within = "";
    const lines = Deno.readTextFileSync(join(ROOM, name)).split("\n");
    return lines.flatMap((line, index) => {
      within = /^(?:export )?(?:async )?function\*? (\w+)/.exec(line)?.[1] ?? within;
      const runs = RUNS.test(line) && !/^\s*(?:\*|\/\/)|\bfunction\b/.test(line);
      return runs && !except.has(within) ? [`${name}:${index + 1}`] : [];
    });
  });
}
