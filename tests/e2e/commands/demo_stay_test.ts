import { assertEquals, assertStringIncludes } from "@std/assert";
import { PERMISSION_FLAGS } from "../../../release/permissions.ts";
import { MAIN, MAIN_ENV } from "../main_module.ts";
import { createChanges, within } from "../waits.ts";

Deno.test("demo --stay fills a console with a day of traffic, and leaves nothing behind", async () => {
  const temporary = await Deno.makeTempDir();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", ...PERMISSION_FLAGS, MAIN, "demo", "--stay"],
    env: { ...MAIN_ENV, NO_COLOR: "1", TMPDIR: temporary },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const { happened, until } = createChanges();
  let shown = "";
  const ended = child.stdout.pipeThrough(new TextDecoderStream()).pipeTo(
    new WritableStream({
      write(text) {
        shown += text;
        happened();
      },
    }),
  );
  try {
    const link = () => /http:\S+link=\S+/.exec(shown)?.[0];
    await until("the link of the demo", () => link() !== undefined, { soFar: () => shown });
    const entered = await fetch(link() ?? "", { redirect: "manual" });
    await entered.body?.cancel();
    assertEquals(entered.status, 303);
    const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
    const read = async (path: string) => {
      const answer = await fetch(new URL(path, link()), { headers: { cookie } });
      assertEquals(answer.status, 200, path);
      return await answer.text();
    };
    assertStringIncludes(await read("/"), "In the last 24 hours");
    assertStringIncludes(await read("/deliveries?rule=large+orders"), "group");
    // A busy machine finds fewer in the time that a page may take, and says where to go on.
    let [found, next]: [number, string | null] = [0, ""];
    while (found < 500 && next !== null) {
      const cursor: string = next === "" ? "" : `&cursor=${encodeURIComponent(next)}`;
      const page = JSON.parse(await read(`/api/v1/deliveries?limit=500${cursor}`));
      [found, next] = [found + page.deliveries.length, page.next];
    }
    assertEquals(found >= 500, true, `${found} deliveries`);
    await read("/rules/ustore/order-approval");
  } finally {
    child.kill("SIGTERM");
  }
  const { code } = await within("the end of the demo", child.status, { soFar: () => shown });
  await ended;
  assertEquals(code, 0);
  assertEquals(await Array.fromAsync(Deno.readDir(temporary)), []);
  await Deno.remove(temporary);
});
