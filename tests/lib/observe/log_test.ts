import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { ROOT, temporaryFolder } from "../../e2e/program.ts";

const LOG = new URL("../../../lib/observe/log.ts", import.meta.url).href;
const SECRET = "hunter2-of-the-config";

/** Runs a script that logs, in a process of its own: its standard error is where the log goes. */
async function logged(script: string) {
  const { code, stderr: bytes } = await new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      "--no-lock",
      "--ext=ts",
      `
      import { configureLog, flushLog, log, logOften, setLogFallback, setLogLevel, tellLastWords,
        withoutSecrets } from ${JSON.stringify(LOG)};
      const settings = { level: "info", format: "auto", maxBytes: 10_000, maxFiles: 2 } as const;
      ${script}`,
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(bytes);
  return { code, lines: text.split("\n").slice(0, -1) };
}

function messagesOf(lines: readonly string[]): readonly unknown[] {
  return lines.map((line) => JSON.parse(line).message);
}

Deno.test("configureLog() writes JSON to a pipe, and text where that is wanted", async () => {
  const { lines } = await logged(`
    configureLog(settings, []);
    log.info("{who} said {what}", { who: "a", what: "b" });
    configureLog({ ...settings, format: "text" }, []);
    log.warn("{who} said {what}", { who: "c", what: "d" });
    flushLog();`);
  const { "@timestamp": timestamp, ...record } = JSON.parse(lines[0] ?? "");
  assertMatch(timestamp, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assertEquals(record, {
    level: "INFO",
    message: '"a" said "b"',
    logger: "storehook",
    who: "a",
    what: "b",
  });
  assertMatch(
    lines[1] ?? "",
    /^\d{4}-\d\d-\d\d[T ][\d:.]+Z? \[WARNING\] storehook: "c" said "d"$/,
  );
});

Deno.test("the message of a line in JSON says what an error says", async () => {
  const { lines } = await logged(`
    class Away extends Error { override readonly name = "Away"; readonly code = 14; }
    configureLog(settings, []);
    log.warn("Cannot look: {error}", { error: new Away("the disk is full") });
    log.warn("Cannot look: {error}", { error: new TypeError("no such file") });
    const cause = Object.assign(new Error("inner"), { password: "abc" });
    log.warn("Cannot look: {error}", { error: new Away("it is away", { cause }) });
    flushLog();`);
  assertEquals(messagesOf(lines), [
    'Cannot look: "the disk is full"',
    'Cannot look: "no such file"',
    'Cannot look: "it is away"',
  ]);
  const { error } = JSON.parse(lines[0] ?? "");
  assertEquals([error.name, error.message, error.code], ["Away", "the disk is full", 14]);
});

Deno.test("logOften() writes what log.info() writes, redacted, and at the same levels", async () => {
  const { lines } = await logged(`
    configureLog(settings, [${JSON.stringify(SECRET)}]);
    const template = "{endpoint} answered {status}: {password} {absent}, {note}";
    const note = "of ${SECRET}";
    const properties = { endpoint: "/a", status: 200, password: "pass-word", note, more: [1] };
    log.info(template, properties);
    logOften(template, properties);
    setLogLevel("warning");
    log.info(template, properties);
    logOften(template, properties);
    flushLog();`);
  const records = lines.map((line) => ({ ...JSON.parse(line), "@timestamp": "" }));
  assertEquals(records.length, 2);
  assertEquals(records[1], records[0]);
  assertEquals(lines.some((line) => line.includes(SECRET) || line.includes("pass-word")), false);
});

Deno.test("configureLog() writes the lines of JSON that LogTape writes, whatever a record holds", async () => {
  const values = `[
    "text", "a\\u0085b", "\\u2028 \\ud800 \\" \\n", 1.5, NaN, -0, true, null, undefined, 10n,
    { a: [1, { b: "c" }] }, [], new Date(0), "\\u001b[31m",
  ]`;
  const { lines } = await logged(`
    import { getJsonLinesFormatter } from "@logtape/logtape";
    configureLog(settings, []);
    const format = getJsonLinesFormatter({ properties: "flatten" });
    for (const value of ${values}) {
      log.info("{value} of {other}, {absent}", { value, other: "one", level: "mine" });
      const record = {
        category: ["storehook"],
        level: "info",
        timestamp: 0,
        message: ["", value, " of ", "one", ", ", undefined, ""],
        properties: { value, other: "one", level: "mine" },
      };
      flushLog();
      Deno.stderr.writeSync(new TextEncoder().encode(format(record)));
    }`);
  const withoutTime = lines.map((line) => line.replace(/^\{"@timestamp":"[^"]+"/, "{"));
  assertEquals(withoutTime.length, 28);
  for (let index = 0; index < withoutTime.length; index += 2) {
    assertEquals(withoutTime[index], withoutTime[index + 1]);
  }
});

Deno.test("setLogLevel() changes from which level on lines are written, at once", async () => {
  const { lines } = await logged(`
    configureLog(settings, []);
    log.debug("one"); log.info("two");
    setLogLevel("trace");
    log.trace("three");
    setLogLevel("fatal");
    log.error("four"); log.fatal("five");
    flushLog();`);
  assertEquals(messagesOf(lines), ["two", "three", "five"]);
});

Deno.test("configureLog() hides the secrets of every config that was in use", async () => {
  const { lines } = await logged(`
    configureLog(settings, [${JSON.stringify(SECRET)}]);
    configureLog({ ...settings, level: "debug" }, ["another-secret"]);
    log.debug("{error}", { error: new Error("${SECRET} and another-secret"), token: 1234 });
    flushLog();`);
  const { error, token } = JSON.parse(lines[0] ?? "");
  assertEquals([error.message, token], ["[removed] and [removed]", "[removed]"]);
  assertEquals(lines.join().includes(SECRET), false);
});

Deno.test("configureLog() begins another file where the settings say so", async () => {
  await using folder = await temporaryFolder();
  const [first, second] = ["first", "second"].map((name) => join(folder.path, name));
  await logged(`
    configureLog({ ...settings, file: ${JSON.stringify(first)} }, []);
    log.info("one");
    configureLog({ ...settings, level: "debug", file: ${JSON.stringify(first)} }, []);
    log.debug("two");
    configureLog({ ...settings, format: "text", file: ${JSON.stringify(second)} }, []);
    log.info("three");
    configureLog(settings, []);
    log.info("four");
    flushLog();`);
  const lines = Deno.readTextFileSync(first ?? "").split("\n").slice(0, -1);
  assertEquals(messagesOf(lines), ["one", "two"]);
  assertMatch(Deno.readTextFileSync(second ?? ""), /^[^\n{]+ storehook: three\n$/);
});

Deno.test("configureLog() tells once on standard error that the file can't be written", async () => {
  await using folder = await temporaryFolder();
  const { code, lines } = await logged(`
    configureLog({ ...settings, file: ${JSON.stringify(folder.path)} }, []);
    for (const name of ["one", "two", "three"]) {
      log.info(name);
      flushLog();
    }
    flushLog();`);
  const [one, trouble, ...others] = messagesOf(lines);
  assertEquals([code, one, others], [0, "one", ["two", "three"]]);
  assertMatch(String(trouble), /^Cannot write the log file .+: .+; it is tried again$/);
});

Deno.test("tellLastWords() ends by an uncaught error with a line in the log, without secrets", async () => {
  for (const end of ["setTimeout(() => { throw error; })", "Promise.reject(error)"]) {
    const { code, lines } = await logged(`
      configureLog(settings, [${JSON.stringify(SECRET)}]);
      tellLastWords();
      const error = new Error("no ${SECRET}");
      ${end};`);
    assertEquals(code, 1);
    const { level, error } = JSON.parse(lines[0] ?? "");
    assertEquals([level, error.message, lines.length], ["FATAL", "no [removed]", 1]);
  }
});

Deno.test("tellLastWords() writes what was logged before Deno.exit", async () => {
  const { code, lines } = await logged(`
    configureLog(settings, []);
    tellLastWords();
    log.info("one");
    Deno.exit(3);`);
  assertEquals([code, messagesOf(lines)], [3, ["one"]]);
});

Deno.test("setLogFallback() names the file of a log that has none, and one that is named goes before", async () => {
  await using folder = await temporaryFolder();
  const fallback = join(folder.path, "logs", "service.log");
  const named = join(folder.path, "named.log");
  await logged(`
    setLogFallback(${JSON.stringify(fallback)});
    configureLog(settings, [${JSON.stringify(SECRET)}]);
    log.info("first ${SECRET}");
    configureLog({ ...settings, file: ${JSON.stringify(named)} }, []);
    log.info("second");
    configureLog(settings, []);
    log.info("third");
    flushLog();`);
  const messages = async (file: string) =>
    messagesOf((await Deno.readTextFile(file)).trim().split("\n"));
  assertEquals(await messages(named), ["second"]);
  const [first, third] = await messages(fallback);
  assertEquals([String(first).includes(SECRET), third], [false, "third"]);
});

Deno.test("tellLastWords() tells somebody else too, and withoutSecrets() hides what the log hides", async () => {
  const { code, lines } = await logged(`
    configureLog({ ...settings, format: "text" }, [${JSON.stringify(SECRET)}]);
    tellLastWords((reason) => console.error(withoutSecrets("told: " + reason)));
    setTimeout(() => { throw new Error("unforeseen ${SECRET}"); });`);
  assertEquals(code, 1);
  const told = lines.filter((line) => line.startsWith("told: unforeseen "));
  assertEquals([told.length, lines.join().includes(SECRET)], [1, false]);
});
