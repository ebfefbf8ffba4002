import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { keyFingerprint } from "../../../lib/auth/authenticator.ts";
import { hmacOf } from "../../hmac.ts";
import { runProgram, startProgram, temporaryFolder } from "../program.ts";

const [OLD, NEW] = ["the-old-key-of-it", "the-new-key-of-it"];
const BODY = '{"Order":{"@OrderId":"1","OrderProducts":[]}}';

Deno.test("a rotation of a key is followed by names that stay, wherever the key stands", async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, "config.json");
  const journal = join(folder.path, "journal", "journal.db");
  const env = { STOREHOOK_JOURNAL_PATH: journal };
  const endpointOf = (signatureKeys: readonly string[]) => ({
    path: "/approve",
    kind: "ustore.order-approval",
    signatureKeys,
    otherwise: { approve: true },
  });
  async function run(keys: readonly string[], sent: readonly string[]): Promise<string> {
    await Deno.writeTextFile(config, JSON.stringify({ endpoints: [endpointOf(keys)] }));
    await using program = await startProgram({
      config,
      env: { ...env, STOREHOOK_ADMIN_PORT: "0" },
    });
    for (const key of sent) {
      const response = await fetch(`${program.url}/approve`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Signature": await hmacOf("SHA-512", key, BODY),
        },
        body: BODY,
      });
      await response.body?.cancel();
      assertEquals(response.status, 200);
    }
    return await (await fetch(`${program.adminUrl}/metrics`)).text();
  }
  async function verifiedBy(name: string): Promise<readonly unknown[]> {
    const args = ["deliveries", "list", "--json", "--verified-by", name, "--config", config];
    const { code, stdout } = await runProgram(args, { env });
    assertEquals(code, 0);
    return stdout.trim().split("\n").filter((line) => line !== "")
      .map((line) => JSON.parse(line).verifiedBy);
  }
  const lastUsed = (metrics: string, key: string) =>
    Number(
      new RegExp(`last_used_timestamp_seconds\\{[^}]*${keyFingerprint(key)}[^}]*\\} (\\S+)`)
        .exec(metrics)?.[1],
    );

  await run([OLD], [OLD]);
  const metrics = await run([NEW, OLD], [NEW, NEW, OLD]);
  const [old, fresh] = [OLD, NEW].map(keyFingerprint);
  assertEquals(await verifiedBy(old ?? ""), [`key ${old}`, `key ${old}`]);
  assertEquals(await verifiedBy(`key ${fresh}`), [`key ${fresh}`, `key ${fresh}`]);
  assertEquals(await verifiedBy("key 1"), []);
  assertEquals(Math.abs(lastUsed(metrics, OLD) - Date.now() / 1000) < 60, true);

  // The old key has had its day: nothing says that it was used since the start.
  assertEquals(lastUsed(await run([NEW, OLD], [NEW]), OLD), 0);
  const checked = await runProgram(["check", "--config", config], { env });
  assertStringIncludes(checked.stdout, `0 rules, keys ${fresh} ${old}\n`);
  assertMatch(checked.stdout, /is fine/);
  assertEquals([OLD, NEW].filter((key) => checked.stdout.includes(key)), []);
});
