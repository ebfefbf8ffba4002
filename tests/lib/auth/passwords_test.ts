import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { createBasic, createNone } from "../../../lib/auth/passwords.ts";
import { plainAuthenticator } from "./verified_by.ts";

const BODY = new Uint8Array();
const VERIFIED = { keyIndex: 0, by: "basic" };

/** The Base64 of bytes, or of a text in UTF-8. */
function base64(data: Uint8Array | string): string {
  return (typeof data === "string" ? new TextEncoder().encode(data) : data).toBase64();
}

function headersOf(credentials: string, scheme = "Basic "): Headers {
  return new Headers({ Authorization: scheme + base64(credentials) });
}

/** Text without control characters. */
function text(minLength: number) {
  return fc.string({ unit: "binary", minLength, maxLength: 40 })
    .map((drawn) => drawn.toWellFormed())
    .filter((drawn) => !/\p{Cc}/u.test(drawn));
}

Deno.test("createBasic() lets in who knows both fields", async () => {
  const auth = plainAuthenticator(await createBasic({ username: "ultracart", password: "secret" }));
  assertEquals(await auth.verify(headersOf("ultracart:secret"), BODY), VERIFIED);
});

Deno.test("createBasic() takes the scheme in any case and after several spaces", async () => {
  const auth = plainAuthenticator(await createBasic({ username: "a", password: "b" }));
  assertEquals(await auth.verify(headersOf("a:b", "bAsIc   "), BODY), VERIFIED);
});

Deno.test("createBasic() reads UTF-8, colons in the password and an empty user name", async () => {
  for (const [username, password] of [["ü", "pässwörd€😀"], ["a", ":b::c:"], ["", "b"]] as const) {
    const auth = plainAuthenticator(await createBasic({ username, password }));
    assertEquals(await auth.verify(headersOf(`${username}:${password}`), BODY), VERIFIED);
  }
});

Deno.test("createBasic() verifies exactly equal fields", async () => {
  await fc.assert(
    fc.asyncProperty(
      text(0).filter((name) => !name.includes(":")),
      text(1),
      text(0).filter((name) => !name.includes(":")),
      text(0),
      async (username, password, otherName, otherPassword) => {
        const auth = plainAuthenticator(await createBasic({ username, password }));
        const verdicts = await Promise.all([
          auth.verify(headersOf(`${username}:${password}`), BODY),
          auth.verify(headersOf(`${otherName}:${password}`), BODY),
          auth.verify(headersOf(`${username}:${otherPassword}`), BODY),
          auth.verify(headersOf(`${otherName}:${otherPassword}`), BODY),
        ]);
        const isName = otherName === username;
        const isPassword = otherPassword === password;
        assertEquals(
          verdicts.map((verdict) => verdict !== undefined),
          [true, isName, isPassword, isName && isPassword],
        );
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("createBasic() refuses headers that are missing, malformed or doubled", async () => {
  const auth = plainAuthenticator(await createBasic({ username: "a", password: "b" }));
  const right = headersOf("a:b").get("Authorization") ?? "";
  const refused = [
    "",
    "Basic",
    "Basic ",
    "Basic =",
    "Basic A",
    "Basic !!!!",
    "Basic YTpi====",
    "Basic YTpi YTpi",
    "Bearer YTpi",
    "BasicYTpi",
    "YTpi",
    `Basic ${base64("a")}`,
    `Basic ${base64(":")}`,
    `Basic ${base64("a:b:")}`,
    `Basic ${base64("a:b\n")}`,
    `Basic ${base64("A:b")}`,
    `${right}, ${right}`,
  ];
  for (const header of refused) {
    assertEquals(await auth.verify(new Headers({ Authorization: header }), BODY), undefined);
  }
  assertEquals(await auth.verify(new Headers(), BODY), undefined);
});

Deno.test("createBasic() never throws, whatever the header", async () => {
  const auth = plainAuthenticator(await createBasic({ username: "a", password: "b" }));
  await fc.assert(fc.asyncProperty(
    fc.oneof(
      fc.string().map((drawn) => drawn.replaceAll(/[^ -~]/g, "")),
      fc.uint8Array().map((bytes) => `Basic ${base64(Uint8Array.from(bytes))}`),
      fc.base64String().map((base64) => `Basic ${base64}`),
    ),
    async (header) => {
      assertEquals(await auth.verify(new Headers({ Authorization: header }), BODY), undefined);
    },
  ));
});

Deno.test("createBasic() challenges and signs no answer", async () => {
  const auth = plainAuthenticator(await createBasic({ username: "a", password: "b" }));
  assertEquals(auth.challenge, {
    "WWW-Authenticate": 'Basic realm="storehook", charset="UTF-8"',
  });
  assertEquals(await auth.sign(BODY), {});
});

Deno.test("createBasic() refuses credentials that nobody or everybody could give", async () => {
  const wrong = [
    [{ username: "a", password: "" }, "the password is empty"],
    [{ username: "a:b", password: "c" }, "the user name has a colon"],
    [{ username: "a\n", password: "c" }, "the user name has a control character"],
    [{ username: "a", password: "hidden\n" }, "the password has a control character"],
  ] as const;
  for (const [credentials, message] of wrong) {
    const error = await assertRejects(() => createBasic(credentials), RangeError, message);
    assertEquals(error.message.includes("hidden"), false);
  }
});

Deno.test("createNone() verifies anybody and signs nothing", async () => {
  const auth = createNone();
  const body = new Uint8Array([1, 2]);
  assertEquals(await auth.verify(new Headers({ Authorization: "x" }), body), {
    keyIndex: 0,
    by: "nobody",
  });
  assertEquals(await auth.sign(body), {});
  assertEquals(auth.challenge, undefined);
});
