import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { describeValidity, readTlsPair, TlsFileError } from "../../../../lib/http/listen/tls.ts";
import { createAuthority, openssl } from "../../../e2e/network/openssl.ts";
import { temporaryFolder } from "../../../e2e/program.ts";

const missing = openssl.missing !== undefined;
const suffix = missing ? " (skipped: this machine has no openssl)" : "";

Deno.test({
  name: `readTlsPair() says which file is wrong, and how${suffix}`,
  ignore: missing,
  async fn() {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const authority = await createAuthority(folder.path);
    await authority.sign("one");
    await authority.sign("two");
    const locked = ["-aes128", "-passout", "pass:secret"];
    await openssl.run(["pkey", "-in", at("one.key"), "-out", at("locked.key"), ...locked]);
    await Deno.writeTextFile(at("empty.pem"), "");
    await Deno.writeTextFile(
      at("broken.crt"),
      "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    );

    const read = (certificate: string, key: string) =>
      readTlsPair({ certificate: at(certificate), key: at(key) });
    const pair = await read("one.crt", "one.key");
    assertEquals(pair.certificate, await Deno.readTextFile(at("one.crt")));
    assertEquals(pair.key, await Deno.readTextFile(at("one.key")));
    assertEquals(describeValidity(pair, Date.now()), undefined);

    const quoted = (name: string) => JSON.stringify(at(name));
    const cases = [
      ["none.crt", "one.key", "certificate", `Cannot read "none.crt": there is no such file`],
      ["one.crt", "none.key", "key", `Cannot read "none.key": there is no such file`],
      ["empty.pem", "one.key", "certificate", `it holds no certificate in PEM form`],
      ["one.crt", "empty.pem", "key", `it holds no private key in PEM form`],
      ["one.key", "one.crt", "certificate", `it holds no certificate in PEM form`],
      ["broken.crt", "one.key", "certificate", `its certificate is broken`],
      ["one.crt", "two.key", "key", `it is the key of another certificate`],
      ["one.crt", "locked.key", "key", `it needs a password`],
    ] as const;
    for (const [certificate, key, file, message] of cases) {
      const error = await assertRejects(() => read(certificate, key), TlsFileError);
      const named = file === "certificate" ? certificate : key;
      const wanted = message.startsWith("Cannot")
        ? message.replace(`"${named}"`, quoted(named))
        : `Cannot use ${quoted(named)}: ${message}`;
      assertEquals([error.file, error.message], [file, wanted]);
    }
  },
});

Deno.test({
  name: `readTlsPair() takes keys in the older forms, and chains${suffix}`,
  ignore: missing,
  async fn() {
    await using folder = await temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    const authority = await createAuthority(folder.path);
    await authority.sign("one");
    await openssl.run(["ec", "-in", at("one.key"), "-out", at("older.key")]);
    const chain = await Deno.readTextFile(at("one.crt")) +
      await Deno.readTextFile(authority.certificate);
    await Deno.writeTextFile(at("chain.crt"), chain);
    const pair = await readTlsPair({ certificate: at("chain.crt"), key: at("older.key") });
    assertEquals(pair.certificate, chain);
    // As some programs want it: all of it in one file, the key first.
    const all = await Deno.readTextFile(at("one.key")) + chain;
    await Deno.writeTextFile(at("all.pem"), all);
    const same = await readTlsPair({ certificate: at("all.pem"), key: at("all.pem") });
    assertEquals([same.certificate, same.validTo], [all, pair.validTo]);
  },
});

Deno.test("describeValidity() tells what is over, what is to come and what ends soon", () => {
  const pair = { validFrom: new Date("2026-01-10"), validTo: new Date("2026-04-10") };
  const at = (day: string) => describeValidity(pair, Date.parse(day));
  assertEquals(at("2026-01-09"), "the certificate is not valid before 2026-01-10");
  assertEquals(at("2026-03-27"), undefined);
  assertEquals(at("2026-03-28"), "the certificate expires on 2026-04-10");
  assertEquals(at("2026-04-11"), "the certificate has expired on 2026-04-10");
});
