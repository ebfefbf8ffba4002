/** The tables of a report, each under its head. */
import type { Compared, Row } from "../approval/compare.ts";
import { judge } from "../goals.ts";
import type { Point } from "../growth/curve.ts";
import type { Results } from "../results.ts";
import { forwardingTable, ingestionTable } from "./events.ts";
import { figure, table } from "./table.ts";

/** A part of the report. */
export interface Section {
  readonly head: string;
  readonly text: string;
}

/** All of them. */
export function sectionsOf(results: Results): readonly Section[] {
  return [
    {
      head: "Beside those that keep what they answer",
      text: comparedText(results.kept),
    },
    {
      head: "On PostgreSQL",
      text: results.postgres === undefined
        ? "There is no PostgreSQL here.\n"
        : comparedText(results.postgres),
    },
    goals(results),
    {
      head: "Beside those that keep nothing",
      text: "The limit of each runtime: nothing is on disk when they answer.\n\n" +
        comparedText(results.bare),
    },
    paced(results),
    { head: "Events taken in", text: ingestionTable(results.ingestion) },
    {
      head: "Events forwarded",
      text: "To a fast receiver on this machine.\n\n" +
        forwardingTable(results.forwarding),
    },
    whereTheTimeGoes(results),
    signing(results),
    curve("Items of an order", "items", "item", results.items),
    curve("Rules of which none matches", "rules", "rule", results.rules),
    journal(results),
    executables(results),
  ];
}

function comparedText({ rows, peakMiB, missing }: Compared): string {
  const absent = missing.length === 0
    ? ""
    : `\nNot measured, for it could not be started here: ${missing.join("; ")}.\n`;
  return loads(rows, peakMiB) + absent;
}

function loads(rows: readonly Row[], peakMiB: ReadonlyMap<string, number>): string {
  const hasStore = rows.some(({ storeCpuMicros }) => storeCpuMicros > 0);
  const cells = (row: Row) => [
    row.name,
    `${row.connections}`,
    figure(row.requestsPerSecond),
    figure(row.firstToThis),
    figure(row.p50Ms),
    figure(row.p99Ms),
    figure(row.cpuMicros),
    ...(hasStore ? [row.storeCpuMicros > 0 ? figure(row.storeCpuMicros) : ""] : []),
    figure(peakMiB.get(row.name) ?? NaN),
  ];
  const heads = [
    ...["", "connections", "requests a second", "the first one's over it", "p50, ms", "p99, ms"],
    ...["processor µs a request", ...(hasStore ? ["and of its store's server"] : [])],
    "most memory, MiB",
  ];
  return table(heads, rows.map(cells));
}

function goals(results: Results): Section {
  const rows = judge(results).map(({ text, wanted, found, isMet, byHand }) => [
    text,
    wanted,
    Number.isNaN(found) ? "not measured" : figure(found),
    byHand === undefined ? "" : figure(byHand),
    Number.isNaN(found) ? "" : isMet ? "yes" : "no",
  ]);
  return {
    head: "Goals",
    text:
      "What this machine gives at most, the least code shows that does the same by hand on this " +
      "runtime: `Deno.serve` that keeps what it answers, what waits together; an executable of the " +
      "parts alone; a bare `fetch`.\n\n" +
      table(["Storehook's", "wanted", "found", "by hand", "met"], rows),
  };
}

function paced({ paced: { requestsPerSecond, rows } }: Results): Section {
  return {
    head: "At half of the top load",
    text: "By 128 senders that pause at random, and all were asked for " +
      `${
        figure(requestsPerSecond)
      } requests a second, half of the most that Storehook answers.\n\n` +
      table(
        ["", "requests a second", "p50, ms", "p99, ms", "processor µs a request"],
        rows.map((row) => [
          row.name,
          figure(row.requestsPerSecond),
          figure(row.p50Ms),
          figure(row.p99Ms),
          figure(row.cpuMicros),
        ]),
      ),
  };
}

const STEPS = await Deno.readTextFile(new URL("./where_the_time_goes.md", import.meta.url));

function whereTheTimeGoes({ threads }: Results): Section {
  return {
    head: "Where the time goes",
    text: "Processor time of an order approval by thread, in this run, in µs:\n\n" +
      table(
        ["connections", "program's thread", "journal's thread", "the runtime's others"],
        threads.map(({ connections, program, journal, others }) => [
          `${connections}`,
          ...[program, journal, others].map(figure),
        ]),
      ) + `\n${STEPS}`,
  };
}

function signing({ signing: { signingUs, hashingUs } }: Results): Section {
  return {
    head: "Signatures",
    text:
      "WebCrypto verifies the signature of an order approval and makes one, in another thread. " +
      "Beside it, the same bytes are hashed twice without leaving the thread.\n\n" +
      table(["", "µs a request"], [
        ["verified and signed by WebCrypto", figure(signingUs)],
        ["hashed twice", figure(hashingUs)],
        ["ratio", figure(signingUs / hashingUs)],
      ]),
  };
}

function curve(head: string, many: string, one: string, points: readonly Point[]): Section {
  return {
    head,
    text: table(
      [many, "p50, ms", "processor µs a request", `µs for each further ${one}`],
      points.map(({ count, p50Ms, cpuMicros, microsEach }) => [
        `${count}`,
        figure(p50Ms),
        figure(cpuMicros),
        Number.isNaN(microsEach) ? "" : figure(microsEach),
      ]),
    ),
  };
}

function journal({ journal: { deliveries, throughput, cpu, startMs } }: Results): Section {
  return {
    head: "A full journal",
    text: table(
      [`${deliveries} deliveries in the journal, beside none; orders differ`, ""],
      [
        ["throughput, ratio", figure(throughput)],
        ["processor time of a request, ratio", figure(cpu)],
        ["start, empty, ms", figure(startMs.empty)],
        ["start, full, ms", figure(startMs.full)],
      ],
    ),
  };
}

function executables({ effort, executables: compared }: Results): Section {
  const head = "The executable beside a compiled hello-world";
  if (compared === undefined) return { head, text: "Executables could not be made here.\n" };
  const { storehook, parts, hello, peakMiB } = compared;
  const row = (name: string, key: keyof typeof storehook) => [
    name,
    figure(storehook[key]),
    figure(parts[key]),
    figure(hello[key]),
    figure(storehook[key] / hello[key]),
  ];
  return {
    head,
    text:
      "What is shipped is the executable; what stands in the first table is the program from its " +
      "sources, which the runtime has in memory, too. Its parts alone are the least code that " +
      "verifies, reads, decides, stores in a thread and signs an order approval with what Storehook " +
      "is made of, and knows nothing else. Both are loaded with as many orders on 8, 32 and 128 " +
      `connections, at least ${effort.loadedRequests} on each.\n\n` +
      table(["", "Storehook", "its parts alone", "hello-world", "ratio"], [
        row("start to first answer, ms", "startMs"),
        row("memory then, MiB", "residentMiB"),
        ["most memory under load, MiB", ...[peakMiB.storehook, peakMiB.parts].map(figure), "", ""],
        row("size, MB", "sizeMB"),
      ]),
  };
}
