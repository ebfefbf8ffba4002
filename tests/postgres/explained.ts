// @ts-types="@types/pg"
import pg from "pg";
import { dirname, fromFileUrl, join } from "@std/path";
import * as z from "zod";

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
const resultSchema = z.object({
  rows: z.tuple([z.object({ "QUERY PLAN": z.tuple([z.object({ Plan: planSchema })]) })]),
});
const sentSchema = z.object({ text: z.string(), values: z.array(z.unknown()) });

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
  async function explain(client: pg.Client, text: string, values: unknown[]): Promise<void> {
    const run = (sent: unknown) => Reflect.apply(query, client, [sent]);
    const isWithin = transactions.has(client);
    await run(isWithin ? "SAVEPOINT explained" : "BEGIN");
    try {
      const asked = `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`;
      const { rows: [row] } = resultSchema.parse(await run({ text: asked, values }));
      const [{ Plan: plan }] = row["QUERY PLAN"];
      const pages = (plan["Shared Hit Blocks"] ?? 0) + (plan["Shared Read Blocks"] ?? 0);
      statements.push({ text, scans: scansOf(plan), pages });
    } catch {
      // What it runs into, it runs into again.
    }
    await run(isWithin ? "ROLLBACK TO SAVEPOINT explained" : "ROLLBACK");
  }

  const patched = function (this: pg.Client, ...args: unknown[]): unknown {
    const sent = sentSchema.safeParse(args[0]);
    if (sent.success && sent.data.text === "BEGIN") transactions.add(this);
    if (sent.success && /^(?:COMMIT|ROLLBACK)$/.test(sent.data.text)) transactions.delete(this);
    if (!sent.success || !EXPLAINABLE.test(sent.data.text)) {
      return Reflect.apply(query, this, args);
    }
    for (const place of placesOf(new Error().stack ?? "")) places.add(place);
    return explain(this, sent.data.text, sent.data.values).then(() =>
      Reflect.apply(query, this, args)
    );
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
