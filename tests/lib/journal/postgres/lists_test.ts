import { assertEquals, assertRejects } from "@std/assert";
import { arrayText, Lists } from "../../../../lib/journal/postgres/lists.ts";
import { openSharedJournal } from "../../../../lib/journal/postgres/open.ts";
import { storedText } from "../../../../lib/journal/postgres/rows.ts";
import { noCluster, startCluster } from "../../../postgres/cluster.ts";

const LONG = "Größe ✓ 𝄞 ".repeat(20_000);

Deno.test({ name: "Lists", ignore: noCluster !== undefined }, async (t) => {
  const cluster = await startCluster();
  const { journal, database } = openSharedJournal({ url: cluster.url() });
  try {
    await t.step("reach the database as they are, one row each", async () => {
      const texts = ["", null, "plain", "Größe", "\u{1d11e}".repeat(24), LONG, "\ud800", `{"a":1}`];
      const bytes = [...[0, 1, 70_000].map((size) => new Uint8Array(size).fill(size)), null];
      const numbers = [0, -1, null, 2 ** 31, -(2 ** 40) - 5, Number.MAX_SAFE_INTEGER];
      const lists = new Lists();
      const rows = await database.query(
        `SELECT * FROM unnest(${lists.texts(texts)}, ${lists.bytes(bytes)},
           ${lists.bigints(numbers)}, ${lists.integers([-5, 2 ** 31 - 1])})
         AS came (text, bytes, big, small)`,
        lists,
      );
      const column = (name: string, length: number) =>
        rows.slice(0, length).map((row) => row[name]);
      assertEquals(column("text", 8), texts.with(6, "\ufffd"));
      assertEquals(column("bytes", 4), bytes);
      assertEquals(column("big", 6), numbers);
      assertEquals(column("small", 2), [-5, 2 ** 31 - 1]);
    });
    await t.step("hold no rows, too", async () => {
      const lists = new Lists();
      assertEquals(await database.query(`SELECT * FROM unnest(${lists.texts([])})`, lists), []);
    });
    await t.step("hold lists, each as a text", async () => {
      const names = ["a,b", `"`, "\\", "{}", "", "NULL", storedText("\0"), "ä"];
      const lists = new Lists();
      const [row] = await database.query(
        `SELECT array_to_json(x::text[]) AS names FROM unnest(${
          lists.texts([arrayText(names)])
        }) AS x`,
        lists,
      );
      assertEquals(JSON.parse(String(row?.["names"])), names);
    });
    await t.step("leave the connection as it was when the statement is wrong", async () => {
      for (let round = 0; round < 20; round++) {
        const lists = new Lists();
        const text = `SELECT 1 / (x - 1) FROM unnest(${lists.bigints([1])}) AS x`;
        await assertRejects(() => database.query(text, lists), Error, "division by zero");
        const [row] = await database.query("SELECT 'next' AS word");
        assertEquals(row?.["word"], "next");
      }
    });
    await t.step(
      "of a statement that is kept are those of this time, also after a mistake",
      async () => {
        for (let round = 0; round < 20; round++) {
          const lists = new Lists({ isOfKeptStatement: true });
          const text = `SELECT 6 / (x - 1) AS n FROM unnest(${
            lists.bigints([(round + 1) % 4])
          }) AS x`;
          if (round % 4 === 0) {
            await assertRejects(() => database.query(text, lists), Error, "division by zero");
          } else {
            assertEquals(await database.query(text, lists), [{ n: 6 / ((round + 1) % 4 - 1) }]);
          }
        }
      },
    );
  } finally {
    await journal.close();
  }
});
