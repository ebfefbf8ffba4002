import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import denoJson from "../../../deno.json" with { type: "json" };
import { ROOT, temporaryFolder } from "../program.ts";
import { DEADLINE_MS, within } from "../waits.ts";
import { approving } from "./reloadable.ts";

/** Reads what a process writes until a text is there. */
function follow(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async until(wanted: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const found = wanted.exec(text);
        if (found !== null) return found;
        const { value, done } = await within(`${wanted}`, reader.read(), { soFar: () => text });
        if (done) throw new Error(`Cannot find ${wanted} in ${text}`);
        text += value;
      }
    },
    async end(): Promise<void> {
      while (!(await reader.read()).done);
    },
  };
}

Deno.test("task dev serves the old config on when the changed one has a mistake", async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, "config.json");
  await Deno.writeTextFile(file, JSON.stringify({ endpoints: [approving()] }));
  const [program, ...args] = denoJson.tasks.dev.command.split(" ");
  assertEquals(program, "deno");
  const child = new Deno.Command(Deno.execPath(), {
    args: args.map((arg) => arg === "main.ts" ? join(ROOT, arg) : arg),
    cwd: folder.path,
    env: { STOREHOOK_SERVER_PORT: "0", STOREHOOK_ADMIN_PORT: "0", NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(DEADLINE_MS),
  }).spawn();
  const [output, errors] = [follow(child.stdout), follow(child.stderr)];
  const [, url = ""] = await output.until(/listens on (\S+)\n[^]*Stop it with Ctrl\+C\./);
  const statusOf = async () => {
    const response = await fetch(`${url}/approve`, { method: "POST" });
    await response.body?.cancel();
    return response.status;
  };
  assertEquals(await statusOf(), 401);
  await Deno.writeTextFile(file, '{"endpoints": [{"path": "/approve"');
  const [line] = await errors.until(/it has mistakes[^\n]*/);
  assertStringIncludes(line, "the config before is served");
  assertEquals(await statusOf(), 401);
  await Deno.writeTextFile(file, JSON.stringify({ endpoints: [approving({ path: "/next" })] }));
  await errors.until(/again: it is served/);
  assertEquals(await statusOf(), 404);
  child.kill("SIGKILL");
  await Promise.all([child.status, output.end(), errors.end()]);
});
