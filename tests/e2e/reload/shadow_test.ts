import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { main } from "../../../lib/cli/mod.ts";
import { fakeTerminal } from "../../lib/cli/fake_terminal.ts";
import { deliver } from "../delivery.ts";
import { startProgram } from "../program.ts";
import { SERVICE_KEY, signed, startThirdParty } from "../third_party.ts";
import { eventually } from "../waits.ts";
import { approving } from "./reloadable.ts";

Deno.test("serve --shadow decides by a second config beside the answer, and follows its file", async () => {
  await using party = startThirdParty(() =>
    signed('{"ApprovalGroupId":7,"IsApprovalNeeded":true}')
  );
  const folder = await Deno.makeTempDir();
  const services = { pricing: { url: party.url, signatureKey: SERVICE_KEY } };
  const config = (settings: object) => ({
    journal: { path: join(folder, "journal.db") },
    services,
    endpoints: [
      approving(settings),
      approving({ path: "/asked", groups: [7], otherwise: { ask: "pricing" } }),
    ],
  });
  const [served, tried] = [join(folder, "config.json"), join(folder, "tried.json")];
  await Deno.writeTextFile(served, JSON.stringify(config({})));
  await Deno.writeTextFile(tried, JSON.stringify(config({ otherwise: { group: 2 } })));
  const args = ["--port", "0", "--shadow", tried];
  const env = { STOREHOOK_JOURNAL_PATH: join(folder, "journal.db") };
  try {
    await using program = await startProgram({ config: served, args, env });
    await program.logged(/tried\.json\\?" is tried beside the config, endpoints: 2/);
    const groupOf = async (target: string) => {
      const { text } = await deliver(program, { target, key: "the-key" });
      return JSON.parse(text).ApprovalGroupId;
    };
    assertEquals([await groupOf("/approve"), await groupOf("/approve"), await groupOf("/asked")], [
      1,
      1,
      7,
    ]);

    const shadow = async () => {
      const terminal = fakeTerminal({ env });
      const code = await main(["shadow", "--json", "--config", served], terminal);
      const lines = terminal.output().trim().split("\n").map((line) => JSON.parse(line));
      return { code, differences: lines.slice(0, -1), ...lines.at(-1) };
    };
    await eventually(
      "three deliveries that the shadow has decided",
      async () => (await shadow()).summary?.decided === 3,
    );
    const { code, summary, differences } = await shadow();
    assertEquals(code, 1);
    const { same, otherAnswer, byRule, money, dropped, failed } = summary;
    assertEquals([same, otherAnswer, dropped, failed], [1, 2, 0, 0]);
    assertEquals(byRule, [{
      ...{ endpoint: "/approve", then: "otherwise", now: "otherwise", count: 2 },
      money: { USD: "2.40" },
    }]);
    assertEquals(money, { USD: "2.40" });
    assertEquals(differences[0].now, {
      status: 200,
      rules: [{ rule: "otherwise" }],
      answer: '{"group":2}',
    });
    // What a service said is played back: it was asked once.
    assertEquals(party.asked.length, 1);
    const metrics = await (await fetch(`${program.adminUrl}/metrics`)).text();
    assertMatch(metrics, /^storehook_shadow_deliveries_total\{result="answer"\} 2$/m);

    await Deno.writeTextFile(tried, "{");
    await program.logged(/tried\.json\\?" has mistakes, which changes no answer/);
    assertEquals(await groupOf("/approve"), 1);
    await Deno.writeTextFile(tried, JSON.stringify(config({})));
    await program.logged(/(?:is tried beside the config[^]*){2}/);
    await groupOf("/approve");
    await eventually(
      "the shadow to decide by its changed config",
      async () => (await shadow()).summary?.decided === 1,
    );
    assertEquals((await shadow()).code, 0);
    const ready = await fetch(`${program.url}/readyz`);
    await ready.body?.cancel();
    assertEquals(ready.status, 200);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
