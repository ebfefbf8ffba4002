import { assert, assertEquals } from "@std/assert";
import { type Behaviour, startBadReceiver } from "./bad_receiver.ts";
import { answer, drip, flood, say, sayAndHangUp } from "./behaviours.ts";
import { withScene } from "./scene.ts";

const EVENT = { order_id: "DEMO-1", text: "20.00" };
const FAR_TOO_MUCH = 134_217_728;

Deno.test("a redirect is a failure, and nobody is asked elsewhere", async () => {
  await using elsewhere = startBadReceiver();
  const statuses = [301, 302, 303, 307, 308];
  const destinations = Object.fromEntries(statuses.map((status) => [`redirect-${status}`, {}]));
  await withScene(destinations, async ({ at, send, end }) => {
    for (const status of statuses) {
      at(`redirect-${status}`).misbehave(answer(status, `Location: ${elsewhere.url}/other`));
    }
    await Promise.all(Object.keys(destinations).map((name) => send(name, EVENT)));
    await Promise.all(Object.keys(destinations).map((name) => at(name).accepted(1)));
    assertEquals(
      await end(),
      Object.fromEntries(statuses.map((status) => {
        const error = `HOST answered ${status}, and redirects are not followed`;
        return [`redirect-${status}`, [["delivered", error, "204"]]];
      })),
    );
  });
  assertEquals(elsewhere.asked(), []);
});

/** Answers that say yes and then go wrong, with the status that was there by then. */
const YES: Readonly<Record<string, readonly [status: string, behaviour: Behaviour]>> = {
  "more-than-it-said": ["200", say("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nfar more")],
  "less-than-it-said": ["202", sayAndHangUp("HTTP/1.1 202 OK\r\nContent-Length: 999\r\n\r\nok")],
  "broken-chunks": ["200", say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")],
  "not-gzip": [
    "200",
    say("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno"),
  ],
  "drips-its-body": ["201", drip("HTTP/1.1 201 Yes\r\nContent-Length: 9999999\r\n\r\n", "x")],
};

Deno.test("a 2xx counts, whatever its body turns out to be, and the event is not sent again", async () => {
  const names = Object.keys(YES);
  const destinations = Object.fromEntries(names.map((name) => [name, { timeoutMs: 2000 }]));
  await withScene(destinations, async ({ at, send, end }) => {
    for (const [name, [, behaviour]] of Object.entries(YES)) at(name).misbehave(behaviour);
    await Promise.all(names.map((name) => send(name, EVENT)));
    await Promise.all(names.map((name) => at(name).askedFor(1)));
    const expected = Object.entries(YES).map(([name, [status]]) => [
      name,
      [["delivered", status]],
    ]);
    assertEquals(await end(), Object.fromEntries(expected));
    assertEquals(names.map((name) => at(name).asked().length), names.map(() => 1));
  });
});

Deno.test("an answer without end is left soon, and costs no memory", async () => {
  const destinations = { yes: {}, no: {}, huge: {} };
  await withScene(destinations, async ({ at, send, end }) => {
    const written = Object.keys(destinations).map((name) => {
      const { promise, resolve } = Promise.withResolvers<number>();
      const head = {
        yes: "HTTP/1.1 200 OK\r\n\r\n",
        no: "HTTP/1.1 500 No\r\nConnection: close\r\n\r\n",
        huge: "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n",
      }[name] ?? "";
      at(name).misbehave(flood(head, resolve));
      return promise;
    });
    await Promise.all(Object.keys(destinations).map((name) => send(name, EVENT)));
    for (const bytes of await Promise.all(written)) assert(bytes < FAR_TOO_MUCH, `read ${bytes}`);
    await at("no").accepted(1);
    const yes = [["delivered", "200"]];
    const no = [["delivered", "HOST answered 500", "204"]];
    assertEquals(await end(), { yes, no, huge: yes });
  });
});

Deno.test("an answer that is given twice is not taken for that to the next event", async () => {
  await withScene({ erp: {} }, async ({ at, send, end }) => {
    const twice = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".repeat(2);
    at("erp").misbehave(say(twice), say(twice), say(twice));
    for (const text of ["1", "2", "3", "4"]) {
      await send("erp", { ...EVENT, text });
      await at("erp").askedFor(Number(text));
    }
    const [first] = await at("erp").accepted(1);
    assertEquals(first?.body, JSON.stringify({ ...EVENT, text: "4" }));
    const yes = ["delivered", "200"];
    assertEquals(await end(), { erp: [yes, yes, yes, ["delivered", "204"]] });
  });
});

Deno.test("what is no HTTP is a failure", async () => {
  const cases = {
    ssh: "SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "two-lengths": "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
    "no-length": "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "status-99": "HTTP/1.1 99 Low\r\n\r\n",
  };
  const destinations = Object.fromEntries(Object.keys(cases).map((name) => [name, {}]));
  await withScene(destinations, async ({ at, send, end }) => {
    for (const [name, text] of Object.entries(cases)) at(name).misbehave(sayAndHangUp(text));
    await Promise.all(Object.keys(cases).map((name) => send(name, EVENT)));
    await Promise.all(Object.keys(cases).map((name) => at(name).accepted(1)));
    const outcome = [[
      "delivered",
      "Cannot reach HOST: it does not answer in HTTP",
      "204",
    ]];
    assertEquals(
      await end(),
      Object.fromEntries(Object.keys(cases).map((name) => [name, outcome])),
    );
  });
});
