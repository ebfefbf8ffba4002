import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { withFolder } from "../../config/load_text.ts";
import { isWindows, namesIn, PORT, readConfig, service, setUp } from "./setup_world.ts";

Deno.test("setup writes a config that works, and plays the store against it", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const { code, out, err } = await setUp(file, [
      ...[PORT, "1 2 6", "10065", "499.5", "", "hanover=2; dallas=1", "pasted-key-1"],
      ...["ann:geheim-7", "https://hooks.example/a", ...service, "y", "y"],
    ]);
    assertEquals(code, 0, out + err);
    const { server, endpoints: [approval, maker, events] } = await readConfig(file);
    const publicUrl = "https://hooks.example/a";
    assertEquals(server, { hostname: "127.0.0.1", port: Number(PORT), publicUrl });
    assertEquals(approval?.rules, [
      { name: "large orders", when: "order.total > 499.5", then: { group: 10065 } },
    ]);
    assertMatch(String(approval?.signatureKeys), /^[\w-]{36,}$/);
    assertEquals(maker?.manufacturers, { hanover: 2, dallas: 1 });
    assertEquals(maker?.signatureKeys, ["pasted-key-1"]);
    assertEquals(events?.auth, { type: "basic", username: "ann", password: "geheim-7" });
    assertStringIncludes(out, "6 of 6 answers are as wanted");
    assertStringIncludes(out, `http://127.0.0.1:${PORT}/ustore/order-approval   `);
    assertMatch(out, /https:\/\/hooks\.example\/a\/ultracart\/events +key: line /);
    for (const secret of ["pasted-key-1", "geheim-7", String(approval?.signatureKeys)]) {
      assertEquals((out + err).includes(secret), false);
    }
    assertEquals(namesIn(folder), ["config.json", "config.schema.json"]);
    if (!isWindows) assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
  }));

Deno.test("setup says where each key stands", () =>
  withFolder(async (folder) => {
    const file = join(folder, "config.json");
    const { out } = await setUp(file, [PORT, "1 3", "", "", "", "", ...service, "n", "y"]);
    const lines = (await Deno.readTextFile(file)).split(/\r?\n/);
    const told = [...out.matchAll(/key: line (\d+)/g)].map(([, line]) => lines[Number(line) - 1]);
    assertEquals(told.length, 2);
    for (const line of told) assertStringIncludes(line ?? "", '"signatureKeys": [');
  }));
