import { assert, assertEquals, assertMatch } from "@std/assert";
import { hashPassword, isPassword } from "../../../lib/console/session/credentials.ts";
import { type ConsoleWorld, PASSWORD, USERS, withConsole } from "./console_world.ts";

const HOUR_MS = 3_600_000;

async function whoIs({ ask }: ConsoleWorld, cookie: string): Promise<string> {
  const { status, json } = await ask("/api/v1/me", { headers: { Cookie: cookie } });
  return status === 200 ? json.name : json.code;
}

Deno.test("signing in gives a cookie that scripts of a page cannot read", () =>
  withConsole(async (world) => {
    const form = { name: "the operator", password: PASSWORD, to: "/deliveries?status=4xx" };
    const { status, headers } = await world.ask("/login", { form });
    assertEquals([status, headers.get("Location")], [303, "/deliveries?status=4xx"]);
    const cookie = headers.get("Set-Cookie") ?? "";
    assertMatch(
      cookie,
      /^storehook_session=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
    );
    assertEquals(await whoIs(world, cookie.split(";")[0] ?? ""), "the operator");
  }));

Deno.test("a session lasts for twelve hours, and ends with signing out", () =>
  withConsole(async (world) => {
    const [first, second] = [await world.signIn("the admin"), await world.signIn("the admin")];
    await world.ask("/logout", {
      method: "POST",
      headers: { "Cookie": first, "Sec-Fetch-Site": "same-origin" },
    });
    assertEquals(await whoIs(world, first), "sign_in_needed");
    assertEquals(await whoIs(world, second), "the admin");
    world.pass(12 * HOUR_MS - 5000);
    assertEquals(await whoIs(world, second), "the admin");
    world.pass(5000);
    assertEquals(await whoIs(world, second), "sign_in_needed");
  }));

Deno.test("a session ends with another password, and when the user goes", () =>
  withConsole(async (world) => {
    const [ann, bob] = [await world.signIn("the operator"), await world.signIn("the admin")];
    const [viewer, operator] = USERS;
    await world.change({ users: [viewer, { ...operator, password: world.otherHash }] });
    assertEquals(await whoIs(world, ann), "sign_in_needed");
    assertEquals(await whoIs(world, bob), "sign_in_needed");
    await world.change({ users: [{ ...operator, role: "viewer" }] });
    const { json } = await world.ask("/api/v1/me", { headers: { Cookie: ann } });
    assertEquals(json, { name: "the operator", role: "viewer", by: "password" });
  }));

Deno.test("the journal keeps no cookie, link or password, but hashes", () =>
  withConsole(async (world) => {
    const cookie = await world.signIn("the admin");
    const link = await world.link();
    const secret = (text: string) => text.split("=")[1] ?? "";
    const { journal } = world;
    assertEquals(await journal.console.session(secret(cookie)), undefined);
    assertEquals(await journal.console.link(secret(link)), undefined);
  }));

Deno.test("a wrong name and a wrong password get the same answer", () =>
  withConsole(async ({ ask }) => {
    const wrong = await ask("/login", { form: { name: "the admin", password: "wrong" } });
    const unknown = await ask("/login", { form: { name: "nobody", password: PASSWORD } });
    assertEquals([wrong.status, unknown.status], [401, 401]);
    assertEquals(wrong.text, unknown.text);
    assertEquals(wrong.headers.has("Set-Cookie"), false);
  }));

Deno.test("failures are slowed down by name, wherever they come from", () =>
  withConsole(async ({ ask, pass, signIn }) => {
    const attempt = async (name: string, address: string, password = "wrong") =>
      (await ask("/login", { form: { name, password }, address })).status;
    for (let index = 0; index < 6; index++) {
      assertEquals(await attempt("the admin", `192.0.2.${index}`), 401);
    }
    const slowed = await ask("/login", {
      form: { name: "THE ADMIN", password: PASSWORD },
      address: "192.0.2.9",
    });
    assertEquals([slowed.status, slowed.headers.get("Retry-After")], [429, "1"]);
    assertEquals(await attempt("the viewer", "192.0.2.0", PASSWORD), 303);
    pass(1000);
    assertEquals(await attempt("the admin", "192.0.2.10"), 401);
    assertEquals(await attempt("the admin", "192.0.2.11"), 429);
    pass(2000);
    assertMatch(await signIn("the admin"), /^storehook_session=/);
  }));

Deno.test("failures are slowed down by address, whatever the name", () =>
  withConsole(async ({ ask }) => {
    const attempt = async (name: string, address: string, password = "wrong") =>
      (await ask("/login", { form: { name, password }, address })).status;
    for (let index = 0; index < 11; index++) {
      assertEquals(await attempt(`nobody ${index}`, "192.0.2.7"), 401);
    }
    assertEquals(await attempt("the admin", "192.0.2.7", PASSWORD), 429);
    assertEquals(await attempt("the admin", "192.0.2.8", PASSWORD), 303);
  }));

Deno.test("many attempts at once are not all let through", () =>
  withConsole(async ({ ask }) => {
    const attempts = Array.from({ length: 40 }, (_, index) =>
      ask("/login", { form: { name: `n${index}`, password: "x" }, address: `10.0.${index}.1` }));
    const statuses = (await Promise.all(attempts)).map(({ status }) =>
      status
    );
    assert(statuses.filter((status) => status === 503).length >= 20, statuses.join());
    assertEquals(statuses.every((status) => status === 503 || status === 401), true);
  }));

Deno.test("a link signs in once, within a minute", () =>
  withConsole(async (world) => {
    const { ask, link, pass } = world;
    const [first, late] = [await link("operator"), await link()];
    assertEquals((await ask(first, { method: "HEAD" })).status, 200);
    const used = await ask(first);
    assertEquals([used.status, used.headers.get("Location")], [303, "/"]);
    const cookie = used.headers.get("Set-Cookie")?.split(";")[0] ?? "";
    const { json } = await ask("/api/v1/me", { headers: { Cookie: cookie } });
    assertEquals(json, { name: "console", role: "operator", by: "link" });
    assertEquals((await ask(first)).status, 401);
    pass(60_000);
    assertEquals((await ask(late)).status, 401);
    assertEquals((await ask("/login?link=nonsense")).status, 401);
  }));

Deno.test("two who use a link at once do not both get in", () =>
  withConsole(async ({ ask, link }) => {
    const path = await link();
    const both = await Promise.all([ask(path), ask(path), ask(path)]);
    assertEquals(both.map(({ status }) => status).sort(), [303, 401, 401]);
  }));

Deno.test("signing in leads to no other site", () =>
  withConsole(async ({ ask }) => {
    for (
      const to of [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:x",
        "/\t/evil",
        "/..//evil.example",
        "/docs/%2e%2e//evil.example",
      ]
    ) {
      const { headers } = await ask("/login", {
        form: { name: "the admin", password: PASSWORD, to },
      });
      assertEquals(headers.get("Location"), "/", to);
    }
  }));

Deno.test("a token that is wrong is no way in, also beside a cookie that is right", () =>
  withConsole(async ({ ask, signIn }) => {
    const cookie = await signIn("the admin");
    for (const Authorization of ["Bearer wrong", "Basic abc", "Bearer", ""]) {
      const { status, headers } = await ask("/api/v1/me", {
        headers: { Authorization, Cookie: cookie },
      });
      assertEquals([status, headers.get("WWW-Authenticate")], [401, "Bearer"], Authorization);
    }
  }));

Deno.test("the cookie is sent over HTTPS alone where browsers come by HTTPS", () =>
  withConsole(async ({ ask, change }) => {
    await change({ users: USERS, publicUrl: "https://ops.example/storehook" });
    const form = { name: "the admin", password: PASSWORD, to: "/audit" };
    const headers = { "Host": "ops.example", "Sec-Fetch-Site": "same-origin" };
    const there = await ask("/storehook/login", { form, headers });
    assertEquals(there.headers.get("Location"), "/storehook/audit");
    assertMatch(there.headers.get("Set-Cookie") ?? "", /; Path=\/storehook; .*; Secure$/);
    const here = await ask("/login", { form });
    assertEquals(here.headers.get("Location"), "/audit");
    assertEquals(here.headers.get("Set-Cookie")?.includes("Secure"), false);
  }));

Deno.test("who came, who went and who was not let in stands in the audit", () =>
  withConsole(async (world) => {
    const { ask, signIn, journal } = world;
    await ask("/login", { form: { name: "mallory", password: "x" }, address: "192.0.2.66" });
    await ask("/login", { form: { name: "THE viewer", password: "x" }, address: "192.0.2.67" });
    const cookie = await signIn("the admin");
    await ask("/logout", {
      method: "POST",
      headers: { "Cookie": cookie, "Sec-Fetch-Site": "none" },
    });
    const { entries } = await journal.console.audit();
    assertEquals(
      entries.map((
        { who, by, action, target, result, address },
      ) => [who, by, action, target, result, address]),
      [
        ["the admin", "password", "sign out", "", "", "127.0.0.1"],
        ["the admin", "password", "sign in", "", "as admin", "127.0.0.1"],
        ["", "nothing", "sign in", "the viewer", "refused", "192.0.2.67"],
        ["", "nothing", "sign in", "an unknown name", "refused", "192.0.2.66"],
      ],
    );
  }));

Deno.test("hashPassword() keeps a password so that only it is right, in any way of writing it", async () => {
  const hash = await hashPassword("Größe ﬁve");
  assertMatch(hash, /^scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assertEquals(await isPassword("Gro\u0308\u00dfe five".normalize("NFD"), hash), true);
  assertEquals(await isPassword("Größe five ", hash), false);
  assertEquals(await isPassword("Größe five", `$${hash}`), true);
  assertEquals(await isPassword("Größe five", "no hash"), false);
});

Deno.test("behind a trusted proxy who guesses is slowed down, and nobody else", () =>
  withConsole(async ({ ask }) => {
    const attempt = async (client: string, name: string, password = "wrong") => {
      const headers = { "X-Forwarded-For": client, "Sec-Fetch-Site": "same-origin" };
      const form = { name, password };
      return (await ask("/login", { form, headers, address: "10.0.0.1" })).status;
    };
    for (let index = 0; index < 11; index++) await attempt("192.0.2.7", `nobody ${index}`);
    assertEquals(await attempt("192.0.2.7", "the admin", PASSWORD), 429);
    assertEquals(await attempt("192.0.2.8", "the admin", PASSWORD), 303);
  }, { config: { server: { trustedProxies: ["10.0.0.0/8"] } } }));

Deno.test("who is not signed in learns nothing of the server from any page", () =>
  withConsole(async ({ ask }) => {
    for (const path of ["/login", "/login?to=/rules/approval", "/login?link=x", "/nothing"]) {
      const { text } = await ask(path);
      for (const word of ["approval", "erp", "budget", "large orders", "hooks.example"]) {
        assertEquals(
          text.replaceAll("%2Frules%2Fapproval", "").replaceAll("/rules/approval", "").includes(
            word,
          ),
          false,
          `${path} ${word}`,
        );
      }
    }
  }));

Deno.test("when a person is erased, the audit names the address no more", () =>
  withConsole(async ({ ask, change, journal }) => {
    const name = "jane.public@example.com";
    await change({ users: USERS.map((user) => ({ ...user, name })).slice(0, 1) });
    await ask("/login", { form: { name, password: "x" } });
    assertEquals((await journal.console.audit()).entries[0]?.target, name);
    await journal.erase(name);
    const { entries } = await journal.console.audit();
    assertEquals(entries.map(({ target, action }) => [target, action]), [["[erased]", "sign in"]]);
    await journal.prune({ olderThanMs: 0, now: Date.now() + 1000, budgetMs: 1000 });
    assertEquals((await journal.console.audit()).entries, []);
  }));
