import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { bytes, withJournal } from "../journal_world.ts";

Deno.test("deliveries export writes JSON lines, oldest first, that hold the exact bytes", async () => {
  await withJournal(async (world) => {
    const recorded = await world.record(
      { body: bytes('\uFEFF{"a": "ü\r\n"}'), headers: [["a", "b"], ["a", "c"]] },
      { body: new Uint8Array([0xff, 0xfe, 0x00]) },
      { body: bytes("") },
    );
    const { code, out, err } = await world.run("deliveries", "export");
    assertEquals([code, err], [0, ""]);
    const lines = out.split("\n").slice(0, -1).map((line) => JSON.parse(line));
    assertEquals(
      lines.map(({ id, body, bodyEncoding }) => ({
        id,
        body: bodyEncoding === "base64" ? Uint8Array.fromBase64(body) : bytes(body),
      })),
      recorded.map(({ id, body }) => ({ id, body })),
    );
    assertEquals(lines.map(({ bodyEncoding }) => bodyEncoding), ["utf-8", "base64", "utf-8"]);
    assertEquals(lines[0].headers, [["a", "b"], ["a", "c"]]);
    assertEquals(lines[0].rules, ["large", "small"]);
  });
});

Deno.test("deliveries export writes CSV that is safe in a spreadsheet", async () => {
  await withJournal(async (world) => {
    const [one] = await world.record({
      body: bytes('=HYPERLINK("http://evil.example")\r\n,x'),
      answer: bytes('{"a":1}'),
      requestId: "-1+1",
      headers: [],
      note: "@note",
    });
    const { code, out } = await world.run("deliveries", "export", "--format", "csv");
    assertEquals(code, 0);
    const decisions = '"[{""rule"":""small"",""outcome"":{""approve"":true},""tried"":2,' +
      '""failures"":[]}]"';
    assertEquals(
      out,
      "\uFEFFid,receivedAt,answeredAt,durationMs,endpoint,kind,status,rules,verifiedBy,requestId," +
        "remoteAddress,repeatOf,note,erasedAt,decisions,headers,bodyBytes,bodyEncoding,body," +
        "answerEncoding,answer\r\n" +
        `${one?.id},2026-07-14T09:30:00.000Z,2026-07-14T09:30:00.003Z,3,/approval,` +
        `ustore.order-approval,200,small,key 2,'-1+1,127.0.0.1,,'@note,,${decisions},[],37,utf-8,` +
        `"'=HYPERLINK(""http://evil.example"")\r\n,x",utf-8,"{""a"":1}"\r\n`,
    );
  });
});

Deno.test("deliveries export filters as the list does", async () => {
  await withJournal(async (world) => {
    await world.record({}, { status: 400 }, { status: 413, verifiedBy: null, decisions: [] });
    const { out } = await world.run("deliveries", "export", "--status", "4xx", "--refused");
    assertEquals(out.split("\n").slice(0, -1).map((line) => JSON.parse(line).status), [413]);
  });
});

Deno.test("deliveries export writes a new file for its owner, and says so", async () => {
  await withJournal(async (world) => {
    const many = Array.from({ length: 300 }, () => ({ body: bytes("x".repeat(1000)) }));
    await world.record(...many);
    const file = join(world.folder, "out.jsonl");
    assertEquals(await world.run("deliveries", "export", "--out", file), {
      code: 0,
      out: "",
      err: `Wrote 300 deliveries to ${file}\n`,
    });
    assertEquals((await Deno.readTextFile(file)).split("\n").length, 301);
    if (Deno.build.os !== "windows") {
      assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
    }
  });
});

Deno.test("deliveries export never overwrites a file", async () => {
  await withJournal(async (world) => {
    await world.record({});
    const file = join(world.folder, "out.jsonl");
    await Deno.writeTextFile(file, "mine");
    assertEquals(await world.run("deliveries", "export", "--out", file), {
      code: 1,
      out: "",
      err: `Cannot write "${file}": it exists already, and is left as it is\n`,
    });
    assertEquals(await Deno.readTextFile(file), "mine");
  });
});

Deno.test("deliveries export says when the folder is missing or the format unknown", async () => {
  await withJournal(async (world) => {
    await world.record({});
    const file = join(world.folder, "none", "out.jsonl");
    assertEquals((await world.run("deliveries", "export", "--out", file)).code, 1);
    const { code, err } = await world.run("deliveries", "export", "--format", "xml");
    assertEquals(code, 2);
    assertEquals(err.split("\n")[0], 'Cannot write "xml": wanted --format jsonl or csv');
  });
});
