/** Rules and keys of a running server, changed by its console. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { digestOfSecret, newSecret } from "../../../lib/console/session/credentials.ts";
import { deliver } from "../delivery.ts";
import { temporaryFolder } from "../program.ts";
import { approving, startReloadable } from "../reload/reloadable.ts";

const KEY = "the-key";
const TOKEN = newSecret();

Deno.test("what the console saves, the running server answers by; what was changed on disk meanwhile stays", async () => {
  await using folder = await temporaryFolder();
  const journal = join(folder.path, "journal.db");
  const rules = [{ name: "large", when: "order.total > 1.0", then: { group: 7 } }];
  await using server = await startReloadable({
    admin: { port: 0 },
    journal: { path: journal },
    endpoints: [approving({ rules })],
    console: { tokens: [{ name: "ci", hash: `sha256$${digestOfSecret(TOKEN)}`, role: "admin" }] },
  }, { STOREHOOK_JOURNAL_PATH: journal });
  const { program, file } = server;

  async function ask(path: string, json?: object) {
    const response = await fetch(`${program.adminUrl}/api/v1${path}`, {
      headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
      ...(json === undefined ? {} : { method: "POST", body: JSON.stringify(json) }),
    });
    return { status: response.status, json: await response.json() };
  }
  const answer = async (key = KEY) => {
    const { status, body } = await deliver(program, { target: "/approve", key });
    return status === 200 ? JSON.parse(new TextDecoder().decode(body)).ApprovalGroupId : status;
  };
  const tried = async (rules: string) => {
    const { json } = await ask("/edit/approve", { rules, action: "backtest" });
    return { rules, fingerprint: json.fingerprint, receipt: json.backtest?.receipt, json };
  };

  assertEquals(await answer(), 7);
  const before = (await ask("/edit/approve")).json.rules;
  const draft = await tried(before.replace("7", "8"));
  // Decided in a thread, by the rules of the draft and the journal of the server.
  assertEquals([draft.json.backtest.decided, draft.json.backtest.otherAnswer], [1, 1]);
  assertEquals(draft.json.beside.then.sentence.startsWith("Group 7 must approve"), true);
  assertEquals(draft.json.beside.now.sentence.startsWith("Group 8 must approve"), true);
  const saved = await ask("/edit/approve", { ...draft, json: undefined, action: "save" });
  assertEquals([saved.status, saved.json.saved?.isServed], [200, true]);
  assertEquals(await answer(), 8);

  // Somebody saves in an editor while another change is tried.
  const next = await tried(before.replace("7", "9"));
  const byHand = `// by hand\n${await Deno.readTextFile(file)}`;
  await Deno.writeTextFile(file, byHand);
  const late = await ask("/edit/approve", { ...next, json: undefined, action: "save" });
  assertEquals(late.status, 409);
  assertStringIncludes(late.json.message, "changed meanwhile");
  assertEquals(await Deno.readTextFile(file), byHand);

  const { json: { versions: [{ id }] } } = await ask("/config/versions");
  const { json: { fingerprint } } = await ask(`/config/versions/${encodeURIComponent(id)}`);
  const back = await ask(`/config/versions/${encodeURIComponent(id)}/restore`, { fingerprint });
  assertEquals([back.status, back.json.isServed], [200, true]);
  assertEquals(await answer(), 7);

  const added = await ask("/keys/rotation/approve/add", {});
  assertEquals([added.status, added.json.step], [200, "new key unseen"]);
  assertEquals((await ask("/keys/rotation/approve/remove", {})).status, 409);
  assertEquals([await answer(), await answer(added.json.key)], [7, 7]);
  const removed = await ask("/keys/rotation/approve/remove", {});
  assertEquals([removed.status, removed.json.step], [200, "one key"]);
  assertEquals([await answer(), await answer(added.json.key)], [401, 7]);
});

Deno.test("shoppers are answered while a text of many rules is judged", async () => {
  await using folder = await temporaryFolder();
  const journal = join(folder.path, "journal.db");
  await using server = await startReloadable({
    admin: { port: 0 },
    journal: { path: journal },
    endpoints: [approving({ rules: [] })],
    console: { tokens: [{ name: "ci", hash: `sha256$${digestOfSecret(TOKEN)}`, role: "admin" }] },
  }, { STOREHOOK_JOURNAL_PATH: journal });
  const { program } = server;
  const rules = Array.from({ length: 1000 }, (_, index) => ({
    name: `rule ${index}`,
    when: `order.total > ${index}.0 && order.user.email.endsWith('@${index}.example')`,
    then: { group: index },
  }));
  let isJudged = false;
  const judging = fetch(`${program.adminUrl}/api/v1/edit/approve`, {
    method: "POST",
    headers: { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ rules: JSON.stringify(rules) }),
  }).finally(() => isJudged = true);
  let answered = 0;
  while (!isJudged) {
    assertEquals((await deliver(program, { target: "/approve", key: KEY })).status, 200);
    if (!isJudged) answered++;
  }
  const { judged } = await (await judging).json();
  assertEquals(judged.mistakes, []);
  // Where it is done by the thread that answers them, one or two come through before and after.
  assert(answered > 20, `${answered} were answered`);
});
