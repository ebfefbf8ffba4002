import { assertEquals, assertGreater, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { assertAlive, deliver } from "../delivery.ts";
import { MAIN, MAIN_ENV } from "../main_module.ts";
import { type Program, ROOT, SHIPPED_CONFIG, startProgram, temporaryFolder } from "../program.ts";
import { isWindows } from "../../windows/windows.ts";
import { within } from "../waits.ts";

async function configWith(folder: string, log: object): Promise<string> {
  const shipped: object = JSON.parse(await Deno.readTextFile(SHIPPED_CONFIG));
  const file = join(folder, "config.json");
  await Deno.writeTextFile(file, JSON.stringify({ ...shipped, log }));
  return file;
}

/** Windows knows no signal between processes: there it is ended in the middle. */
async function stop(program: Program): Promise<void> {
  program.kill("SIGTERM");
  const { code } = await program.status;
  if (!isWindows) assertEquals(code, 0);
}

Deno.test("log.file stands beside the config, rotates, and holds each line once", async () => {
  await using folder = await temporaryFolder();
  const config = await configWith(folder.path, {
    file: "logs/storehook.log",
    maxBytes: 10_000,
    maxFiles: 4,
  });
  await using program = await startProgram({ config });
  const ids = Array.from({ length: 60 }, (_, index) => `request-${index}`);
  for (const id of ids) await deliver(program, { headers: { "X-Request-Id": id } });
  await stop(program);

  const names = Array.from(Deno.readDirSync(join(folder.path, "logs")), ({ name }) => name);
  assertGreater(names.length, 1);
  const texts = names.toSorted().reverse()
    .map((name) => Deno.readTextFileSync(join(folder.path, "logs", name)));
  for (const text of texts) assertGreater(10_001, text.length);
  const records: Record<string, unknown>[] = texts.join("").trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  assertEquals(records.flatMap(({ requestId = [] }) => requestId), ids);
  if (!isWindows) assertMatch(String(records.at(-1)?.["message"]), /^Stopping on /);
});

Deno.test("a log file that can't be written is told once, and costs no answer", async () => {
  await using folder = await temporaryFolder();
  await Deno.mkdir(join(folder.path, "a folder"));
  const config = await configWith(folder.path, { file: "a folder" });
  await using program = await startProgram({ config });
  for (let index = 0; index < 3; index++) await assertAlive(program);
  await stop(program);
  assertEquals(program.stderr().match(/Cannot write the log file/g)?.length, 1);
});

Deno.test("the server goes on when nobody reads its standard error any more", async () => {
  await using folder = await temporaryFolder();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", "-A", MAIN, "serve", "--port", "0"],
    cwd: ROOT,
    env: {
      ...MAIN_ENV,
      STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db"),
      STOREHOOK_ADMIN_PORT: "0",
      NO_COLOR: "1",
    },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await child.stderr.cancel();
  let banner = "";
  while (!banner.includes("Ctrl+C")) {
    const { value, done } = await within("the banner", output.read(), { soFar: () => banner });
    if (done) throw new Error(`The server ended: ${banner}`);
    banner += value;
  }
  const port = Number(/:(\d+)\n/.exec(banner)?.[1]);
  for (let index = 0; index < 3; index++) await assertAlive({ port });
  child.kill("SIGTERM");
  await output.cancel();
  const { code } = await child.status;
  if (!isWindows) assertEquals(code, 0);
});
