/** What a line of the log costs, and how much of it is redaction. */
import { configureSync, getJsonLinesFormatter, getLogger, type LogRecord } from "@logtape/logtape";
import { createRedactor } from "../lib/observe/redactor.ts";
import { withoutSensitiveFields } from "../lib/observe/sensitive_fields.ts";
import { median } from "./process.ts";

const LINES = 100_000;
const ROUNDS = 7;
const log = getLogger(["bench"]);
const format = getJsonLinesFormatter({ properties: "flatten" });
let length = 0;

function redacting(secrets: number): (record: LogRecord) => void {
  const redactor = createRedactor(
    Array.from({ length: secrets }, () => crypto.randomUUID()),
  );
  return (record) => void (length += redactor.json(format(withoutSensitiveFields(record))).length);
}

const sinks: Readonly<Record<string, (record: LogRecord) => void>> = {
  "without redaction": (record) => void (length += format(record).length),
  "with 1 secret": redacting(1),
  "with 10 secrets": redacting(10),
  "with 100 secrets": redacting(100),
};

function microsecondsOfLine(): number {
  const start = performance.now();
  for (let index = 0; index < LINES; index++) {
    log.info("{endpoint} answered {status} by {rules} in {durationMs} ms", {
      endpoint: "/ustore/order-approval",
      status: 200,
      rules: "large orders",
      durationMs: 1.234,
      requestId: "9b2f0c1e-5d7a-4a3e-8f43-0b5b0e6d2c11",
    });
  }
  return (performance.now() - start) / LINES * 1000;
}

const figures = new Map(Object.keys(sinks).map((name) => [name, new Array<number>()]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, sink] of Object.entries(sinks)) {
    configureSync({
      reset: true,
      sinks: { sink },
      loggers: [
        { category: ["bench"], lowestLevel: "info", sinks: ["sink"] },
        { category: ["logtape", "meta"], lowestLevel: "fatal", sinks: [] },
      ],
    });
    figures.get(name)?.push(microsecondsOfLine());
  }
}
for (const [name, all] of figures) console.log(`${median(all).toFixed(2)} µs a line ${name}`);
