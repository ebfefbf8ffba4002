/** What `setup` does with answers: wrong ones, none any more, and those of a file. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../../../lib/cli/terminal/terminal.ts";
import { fileExists } from "../../../../lib/util/files.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";
import { command, namesIn, PORT, service, setUp, WRITTEN } from "./setup_world.ts";

Deno.test("setup refuses an answer in the words of check, and asks again", () =>
  withFolder(async (folder) => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    const { code, err } = await setUp(join(folder, "config.json"), [
      ...["abc", "65536", String(port), PORT, "9", "ustore.order-approval 4"],
      ...["ten", "10065", "-1", "0", "", "much", "19", "a-key-with\u200bin"],
      ...[...service, "perhaps", "n", "y"],
    ]);
    assertEquals(code, 0, err);
    const wanted = [
      'server.port: found "abc", wanted a whole number from 0 to 65535',
      "server.port: found 65536, wanted a whole number from 0 to 65535",
      `another program of this machine has port ${port}, wanted a free one`,
      'found "9", wanted numbers from 1 to 7',
      'found "ten", wanted a whole number such as 10065',
      'found "-1", wanted an amount such as 500 or 99.50',
      'found "much", wanted a number such as 19 or 8.25',
      "Note: endpoints[1].signatureKeys[0]: found a zero-width space (U+200B)",
      'found "perhaps", wanted yes or no',
    ];
    for (const words of wanted) assertStringIncludes(err, words);
  }));

Deno.test("setup that is broken off at any question leaves the config as it was", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const runs = [
      [PORT, "1 2 6", "8", "1", "k-e-y-1", "", "", "", "https://x.example", ...service, "y"],
      [PORT, "1 2 6", "8", "k-e-y-1", "", "", "https://x.example", ...service, "y"],
    ];
    for (const [index, answers] of runs.entries()) {
      const text = index === 0 ? undefined : WRITTEN;
      if (text !== undefined) await Deno.writeTextFile(file, text);
      for (let count = 0; count <= answers.length; count++) {
        const { code, out, err } = await setUp(file, answers.slice(0, count));
        assertEquals([code, out], [1, ""]);
        assert(err.endsWith("\nNothing was changed\n"), err);
        assertEquals(await Deno.readTextFile(file).catch(() => undefined), text);
      }
      const { code, err } = await setUp(file, [...answers, "n"]);
      assertStringIncludes(err, "Write it?");
      assertEquals([code, namesIn(folder).length], [1, index]);
    }
  }));

Deno.test("setup takes answers from a file, and judges them", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const given = join(folder, "answers.json");
    const run = async (answers: unknown) => {
      const text = typeof answers === "string" ? answers : JSON.stringify(answers);
      await Deno.writeTextFile(given, text);
      return await command.run(["--config", file, "--answers", given], fakeTerminal());
    };
    const refused: readonly (readonly [unknown, string])[] = [
      [{ port: "x" }, `the answer to "port" of "${given}": server.port: found "x"`],
      [{ prot: 80, service: false }, 'is not asked, did you mean "port"?'],
      [[1], "wanted an object of texts, numbers and truth values"],
      ['{ "port": }', "line 1"],
    ];
    for (const [answers, words] of refused) {
      const error = await assertRejects(() => run(answers), UsageError);
      assertStringIncludes(error.message, words);
      assertEquals(await fileExists(file), false);
    }
    const answers = {
      port: Number(PORT),
      endpoints: "ustore.order-approval",
      group: 3,
      amount: 0,
      "key /ustore/order-approval": "from-a-file",
      service: false,
    };
    assertEquals(await run(answers), 0);
    const text = await Deno.readTextFile(file);
    assertStringIncludes(text, '"signatureKeys": ["from-a-file"]');
    assertStringIncludes(text, '"otherwise": { "group": 3 }');
    assertEquals(await run(answers), 0);
    assertEquals(await Deno.readTextFile(file), text);
  }));

Deno.test("setup says what to do where nobody can be asked", async () => {
  await assertRejects(
    () => command.run(["--config", "none.json"], fakeTerminal()),
    UsageError,
    "give the answers with --answers FILE",
  );
});
