/** The tables of a report, each under its head. */
import { GOAL_CONNECTIONS, judge } from "../goals.ts";
import type { Row } from "../approval/compare.ts";
import type { Point } from "../growth/curve.ts";
import type { Results } from "../results.ts";
import { figure, table } from "./table.ts";

/** A part of the report. */
export interface Section {
  readonly head: string;
  readonly text: string;
}

/** All of them. */
export function sectionsOf(results: Results): readonly Section[] {
  return [
    goals(results),
    throughput(results),
    paced(results),
    signing(results),
    curve("Items of an order", "items", "item", results.items),
    curve("Rules of which none matches", "rules", "rule", results.rules),
    journal(results),
    executables(results),
  ];
}

function goals(results: Results): Section {
  const rows = judge(results).map(({ text, wanted, found, synced, isMet }) => [
    text,
    wanted,
    figure(found),
    isMet ? "yes" : "no",
    figure(synced),
  ]);
  return {
    head: "Goals",
    text:
      `The order approval on ${GOAL_CONNECTIONS} connections. The last column is what a server ` +
      "comes to that does the least that all do here, and appends to a file what it got and " +
      "answers, with an id, the time and the headers, synced once for all that wait. A goal that " +
      "it misses is hardly to be reached by whoever has a request on disk before it answers.\n\n" +
      table(["Storehook's", "wanted", "found", "met", "by hand, synced"], rows),
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

function throughput({ throughput, peakMiB }: Results): Section {
  const byCall = Map.groupBy(throughput, ({ call }) => call);
  const parts = [...byCall].map(([call, rows]) => `### ${call}\n\n${loads(rows)}`);
  const memory = table(
    ["", "most memory, MiB"],
    [...peakMiB].map(([name, mebibytes]) => [name, figure(mebibytes)]),
  );
  return { head: "Under full load", text: [...parts, `### Memory\n\n${memory}`].join("\n") };
}

function loads(rows: readonly Row[]): string {
  const heads = [
    ...["", "connections", "requests a second", "Storehook's over it", "p50, ms", "p99, ms"],
    "processor µs a request",
  ];
  return table(
    heads,
    rows.map((row) => [
      row.name,
      `${row.connections}`,
      figure(row.requestsPerSecond),
      figure(row.firstToThis),
      figure(row.p50Ms),
      figure(row.p99Ms),
      figure(row.cpuMicros),
    ]),
  );
}

function paced({ paced }: Results): Section {
  const parts = paced.map(({ halfOf, requestsPerSecond, rows }) =>
    `### Of ${halfOf}\n\nAll were asked for ${figure(requestsPerSecond)} requests a second.\n\n` +
    table(
      ["", "requests a second", "p50, ms", "p99, ms", "processor µs a request"],
      rows.map((row) => [
        row.name,
        figure(row.requestsPerSecond),
        figure(row.p50Ms),
        figure(row.p99Ms),
        figure(row.cpuMicros),
      ]),
    )
  );
  return {
    head: "At half of the top load",
    text: ["By 128 senders that pause at random.\n", ...parts].join("\n"),
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

function executables({ executables: compared }: Results): Section {
  const head = "The executable beside a compiled hello-world";
  if (compared === undefined) return { head, text: "Executables could not be made here.\n" };
  const { storehook, parts, hello } = compared;
  const row = (name: string, key: keyof typeof storehook) => [
    name,
    figure(storehook[key]),
    figure(parts[key]),
    figure(hello[key]),
    figure(storehook[key] / hello[key]),
  ];
  return {
    head,
    text: table(["", "Storehook", "its parts alone", "hello-world", "ratio"], [
      row("start to first answer, ms", "startMs"),
      row("memory then, MiB", "residentMiB"),
      row("size, MB", "sizeMB"),
    ]),
  };
}
