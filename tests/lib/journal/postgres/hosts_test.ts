import { assertEquals, assertThrows } from "@std/assert";
import { JournalNotOpened } from "../../../../lib/journal/errors.ts";
import { mistakeInUrl, passwordIn, readHosts } from "../../../../lib/journal/postgres/hosts.ts";

Deno.test("readHosts() takes a password as somebody chose it", () => {
  for (
    const [written, password] of [
      ["plain", "plain"],
      ["a%40b%2Fc", "a@b/c"],
      ["a@b", "a@b"],
      ["9/x+y=", "9/x+y="],
      ["what?", "what?"],
      ["no#1", "no#1"],
      ["p@s/s@?#:%", "p@s/s@?#:%"],
      ["50%off", "50%off"],
      ["a:b", "a:b"],
      ["größe", "größe"],
    ] as const
  ) {
    const url = `postgres://ann:${written}@db1:6000,[::1]/shop?application_name=a@b`;
    assertEquals(mistakeInUrl(url), undefined, written);
    assertEquals(passwordIn(url), password);
    const read = readHosts({ url }).map((
      { host, port, user, password, database },
    ) => [host, port, user, password, database]);
    assertEquals(read, [["db1", 6000, "ann", password, "shop"], [
      "::1",
      5432,
      "ann",
      password,
      "shop",
    ]]);
  }
});

Deno.test("readHosts() finds a socket, and what is left out", () => {
  const of = (url: string) =>
    readHosts({ url }).map(({ host, port, database, user }) => [host, port, database, user]);
  assertEquals(of("postgres://db"), [["db", 5432, "", ""]]);
  assertEquals(of("postgresql://ann@db"), [["db", 5432, "ann", "ann"]]);
  assertEquals(of("postgres://ann@/shop"), [["127.0.0.1", 5432, "shop", "ann"]]);
  assertEquals(of("postgres://ann@%2Frun%2Fpg/shop"), [["/run/pg", 5432, "shop", "ann"]]);
  assertEquals(of("postgres:///shop?host=/run/pg"), [["/run/pg", 5432, "shop", ""]]);
});

Deno.test("readHosts() says what it wants", () => {
  for (
    const [url, reason] of [
      ["mysql://db/shop", "wanted postgres://"],
      ["postgres://", "wanted postgres://"],
      ["postgres://db:port/shop", 'found "db:port"'],
      ["postgres://db:99999/shop", 'found "db:99999"'],
      ["postgres://db1,,db2/shop", 'found ""'],
      ["postgres://db/shop?sslmode=verifyfull", 'found "verifyfull"'],
    ] as const
  ) {
    assertThrows(() => readHosts({ url }), JournalNotOpened, reason);
    assertEquals(mistakeInUrl(url)?.includes(reason), true);
  }
});
