import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { hmac, KEY, sample } from "../delivery.ts";
import { ROOT, runProgram } from "../program.ts";

const ORDER_FILE = join(ROOT, "handlers/ustore/samples/order_approval.json");

Deno.test("sign prints the X-Signature of a file, of standard input, by a key of the environment", async () => {
  const stdout = `${hmac(sample("order_approval"))}\n`;
  assertEquals(await runProgram(["sign", "--key", KEY, ORDER_FILE]), {
    code: 0,
    stdout,
    stderr: "",
  });
  const env = { STORE_KEY: KEY };
  const stdin = new TextDecoder().decode(sample("order_approval"));
  const piped = await runProgram(["sign", "--key-env", "STORE_KEY", "-"], { env, stdin });
  assertEquals(piped, { code: 0, stdout, stderr: "" });
  assertEquals((await runProgram(["sign", "--key", "-k", "-"])).stdout, `${hmac("", "-k")}\n`);
});

Deno.test("verify says yes with 0, and no with 1 and the variant that would match", async () => {
  const verify = (signature: string) =>
    runProgram(["verify", "--key", KEY, "--signature", signature, ORDER_FILE]);
  const bytes = sample("order_approval").length;
  assertEquals(await verify(hmac(sample("order_approval"))), {
    code: 0,
    stdout: `The signature matches these ${bytes} bytes with this key.\n`,
    stderr: "",
  });
  const reserialized = JSON.stringify(
    JSON.parse(new TextDecoder().decode(sample("order_approval"))),
  );
  const { code, stdout, stderr } = await verify(hmac(reserialized));
  assertEquals([code, stderr], [1, ""]);
  assertMatch(stdout, /^The signature does not match .+\n.+\nHow to mend it: .+\nVariant: \S+\n$/);
});
