/** What is large in a config is loaded while requests come. */
import { assertEquals, assertGreater } from "@std/assert";
import { join } from "@std/path";
import { handlers } from "../../../handlers/mod.ts";
import { loadConfig } from "../../../lib/config/load.ts";
import { serveHttp } from "../../e2e/http_server.ts";

const ROWS = 60_000;
const RULES = 1000;
/** With a turn for each 5 ms of work it would be far more than that, and without any, one or two. */
const ANSWERED = 10;

/** Each row is another article, so that nothing is known of it from a row before. */
function largeTable(): string {
  const lines = Array.from({ length: ROWS }, (_, at) => `A${at},${at}..${at + 9},m${at % 40}`);
  return ["article,quantity,manufacturer", ...lines].join("\n");
}

const WITH_TABLE = {
  tables: {
    plants: {
      file: "plants.csv",
      inputs: { article: "item.product.catalogNumber", quantity: "item.quantity" },
    },
  },
  endpoints: [{
    path: "/manufacturer",
    kind: "ustore.manufacturer",
    signatureKeys: ["long enough"],
    manufacturers: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`m${at}`, at + 1])),
    rules: [{ name: "plants", table: "plants" }],
    otherwise: { manufacturer: 1 },
  }],
};

const WITH_RULES = {
  endpoints: [{
    path: "/approval",
    kind: "ustore.order-approval",
    signatureKeys: ["long enough"],
    rules: Array.from({ length: RULES }, (_, at) => ({
      name: `rule ${at}`,
      when: `order.total > ${at}.0 && order.user.department == 'Department ${at}'`,
      then: { group: at + 1 },
    })),
    otherwise: { approve: true },
  }],
};

/**
 * Counts the requests that are answered while a config is loaded.
 *
 * @param config The config.
 * @param files What stands beside it, by name.
 * @param last The file that is read last: from there on nothing has to be waited for.
 */
async function answeredMeanwhile(
  config: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
  last: string,
): Promise<number> {
  const folder = await Deno.makeTempDir();
  await using server = serveHttp(() => new Response("answered"));
  try {
    const file = join(folder, "config.json");
    await Deno.writeTextFile(file, JSON.stringify(config));
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    let [isLoading, isOver] = [false, false];
    let answered = 0;
    const asking = (async () => {
      while (!isOver) {
        const response = await fetch(server.url);
        assertEquals(await response.text(), "answered");
        if (isLoading) answered++;
      }
    })();
    const loaded = await loadConfig({
      file,
      kinds: handlers,
      env: () => undefined,
      async readFile(path) {
        const bytes = await Deno.readFile(path);
        if (path.endsWith(last)) isLoading = true;
        return bytes;
      },
    });
    [isLoading, isOver] = [false, true];
    await asking;
    assertEquals("mistakes" in loaded ? loaded.mistakes : [], []);
    return answered;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("loadConfig() leaves room for requests between the rows of a large table", async () => {
  const answered = await answeredMeanwhile(WITH_TABLE, { "plants.csv": largeTable() }, ".csv");
  assertGreater(answered, ANSWERED);
});

Deno.test("loadConfig() leaves room for requests between many rules", async () => {
  assertGreater(await answeredMeanwhile(WITH_RULES, {}, "config.json"), ANSWERED);
});
