/** A person is taken out of a journal that a server writes, wherever the address stands. */
import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { deliver } from "../delivery.ts";
import { runProgram, startProgram, temporaryFolder } from "../program.ts";

/** An order of a person whose address stands in it as in these. */
const TEXTS = [
  "write to _ann@example.com_",
  "Contact:-ANN@example.com",
  '{"inner":"{\\"mail\\":\\"ann\\\\u0040example.com\\"}"}',
  "https://shop.example/?mail=ann%2540example.com",
  "ann&amp;#64;example.com",
  `token ${btoa('{"sub":"ann@example.com"}')}`,
];
const PACKINGS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };

Deno.test("journal erase finds an address in orders, events, repeats and what was refused", async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  const env = { STOREHOOK_JOURNAL_PATH: join(folder.path, "journal.db") };
  await Deno.writeTextFile(
    config,
    JSON.stringify({
      endpoints: [
        { path: "/events", kind: "events", auth: { type: "none" }, forward: ["erp"] },
        {
          path: "/approval",
          kind: "ustore.order-approval",
          signatureKeys: ["development-key"],
          otherwise: { approve: true },
        },
      ],
      destinations: { erp: { type: "http", url: "http://127.0.0.1:1/" } },
    }),
  );
  await using program = await startProgram({ config, env });
  const eventOf = (text: string) => JSON.stringify({ type: "note", data: { text } });
  for (const text of TEXTS) {
    // The second is a repeat of the first.
    for (const _ of ["news", "repeat"]) {
      await deliver(program, { target: "/events", body: eventOf(text) });
    }
    await deliver(program, {
      target: "/approval",
      body: JSON.stringify({ Order: { Notes: text } }),
    });
    for (const [encoding, pack] of Object.entries(PACKINGS)) {
      const body = new Uint8Array(pack(eventOf(text)));
      const headers = { "Content-Encoding": encoding };
      for (const target of ["/events", "/approval"]) {
        await deliver(program, { target, body, headers });
        await deliver(program, { target, body, headers, key: "another-key" });
      }
    }
  }
  await deliver(program, { target: "/events", body: eventOf("joann@example.com") });
  await deliver(program, { target: "/approval/ann%40example.com", body: "{}" });

  const run = (...args: readonly string[]) =>
    runProgram([...args, "--config", config, "--json"], { env });
  const erase = ["journal", "erase", "--email", "ann@example.com"] as const;
  const dry = JSON.parse((await run(...erase, "--dry-run")).stdout);
  const gone = JSON.parse((await run(...erase)).stdout);
  assertEquals({ ...dry, dryRun: false }, gone);
  const again = JSON.parse((await run(...erase)).stdout);
  assertEquals([again.deliveries, again.events, again.forwards], [0, 0, 0]);

  const { stdout } = await run("deliveries", "list", "--limit", "500");
  const all = stdout.trim().split("\n").map((line) => JSON.parse(line));
  const kept = all.filter(({ erasedAt }) => erasedAt === null);
  assertEquals([kept.length, all.length - kept.length], [1, gone.deliveries]);
  const { stdout: show } = await run("deliveries", "show", kept[0].id);
  assertMatch(show, /joann@example\.com/);
});
