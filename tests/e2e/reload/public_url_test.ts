import { assertEquals, assertMatch } from "@std/assert";
import { deliver, PATHS, sample } from "../delivery.ts";
import { createAuthority, openssl } from "../network/openssl.ts";
import { runProgram } from "../program.ts";
import { startReloadable } from "./reloadable.ts";

const key = "the-key";
const EXPORTING = { path: PATHS.cart_export, kind: "ustore.cart-export", signatureKeys: [key] };

/** What a config says beside what a test is about; the ports are free ones, kept over reloads. */
function exporting(settings: { readonly server?: object; readonly console?: object } = {}) {
  return { admin: { port: 0 }, endpoints: [EXPORTING], ...settings };
}

Deno.test({
  name: "links are for the protocol that is spoken, whatever a changed config wants",
  ignore: openssl.missing !== undefined,
  fn: linksOfWhatIsSpoken,
});

async function linksOfWhatIsSpoken(): Promise<void> {
  await using server = await startReloadable(exporting());
  async function protocolOfLink(): Promise<string> {
    const body = sample("cart_export");
    const { text } = await deliver(server.program, { target: PATHS.cart_export, key, body });
    return new URL(JSON.parse(text).externalUrl).protocol;
  }
  assertEquals(await protocolOfLink(), "http:");
  await (await createAuthority(server.folder)).sign("server");
  const tls = { certificate: "server.crt", key: "server.key" };
  await server.save(exporting({ server: { tls } }));
  await server.served(1);
  await server.program.logged(/server\.tls needs a restart/);
  assertEquals(await protocolOfLink(), "http:");
}

Deno.test("the admin listener knows the name of a public URL that changed", async () => {
  await using server = await startReloadable(
    exporting({ server: { publicUrl: "https://old.example" } }),
  );
  const { port } = new URL(server.program.adminUrl);
  async function statusAs(Host: string): Promise<number> {
    const request = { method: "GET", target: "/readyz", headers: { Host }, body: "" };
    return (await deliver({ port: Number(port) }, request)).status;
  }
  assertEquals([await statusAs("old.example"), await statusAs("new.example")], [200, 421]);
  await server.save(exporting({ server: { publicUrl: "https://new.example" } }));
  await server.served(1);
  assertEquals([await statusAs("old.example"), await statusAs("new.example")], [421, 200]);
});

Deno.test("storehook console links to where browsers reach the console by now", async () => {
  // The journal beside the config, where the command finds it too.
  const env = { STOREHOOK_JOURNAL_PATH: "" };
  await using server = await startReloadable(exporting(), env);
  async function link(): Promise<string> {
    const { code, stdout, stderr } = await runProgram(["console", "--config", server.file]);
    assertEquals(code, 0, stderr);
    return stdout;
  }
  assertEquals((await link()).startsWith(server.program.adminUrl), true);
  await server.save(exporting({ console: { publicUrl: "https://ops.example/storehook" } }));
  await server.served(1);
  assertMatch(await link(), /^https:\/\/ops\.example\/storehook\/login\?link=/);
});
