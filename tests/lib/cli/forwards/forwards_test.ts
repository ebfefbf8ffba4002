import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatExactTimestamp, formatTimestamp } from "../../../../lib/util/timestamp.ts";
import { attemptAll, recordEvents } from "../events_world.ts";
import { type JournalWorld, START, withJournal } from "../journal_world.ts";

const FAILED = { status: 500, error: "erp.example answered 500" };

/** Records events for two destinations, of which the ERP failed with all. */
async function failAtErp(world: JournalWorld, count: number, start = START) {
  return await world.write(async (journal) => {
    const events = Array.from({ length: count }, (_, index) => ({
      key: `k${index}`,
      subject: `cart/${index}`,
      forwardTo: ["erp", "crm"],
    }));
    await recordEvents(journal, start, ...events);
    await attemptAll(journal, "erp", FAILED);
    return (await journal.outbox.list({ destination: "erp" })).forwards.toReversed();
  });
}

/** Where the forwards to a destination stand, oldest first. */
async function states(world: JournalWorld, ...args: readonly string[]) {
  const { code, out, err } = await world.run("forwards", "list", "--json", ...args);
  assertEquals([code, err], [0, ""]);
  return out.split("\n").slice(0, -1).map((line): string => JSON.parse(line).state).reverse();
}

Deno.test("forwards list shows aligned columns, and filters", async () => {
  await withJournal(async (world) => {
    const [first] = await failAtErp(world, 1);
    const { out } = await world.run("forwards", "list", "--state", "failed");
    assertEquals(
      out,
      `TIME                 ${
        "ID".padEnd(36)
      }  STATE   DESTINATION  EVENT         SUBJECT  TRIES  NEXT  LAST\n` +
        `${
          formatTimestamp(START)
        }  ${first?.id}  failed  erp          cart.created  cart/0       1  -     erp.example answered 500\n`,
    );
    assertEquals(await states(world, "--destination", "crm"), ["waiting"]);
    assertEquals(await states(world, "--state", "delivered"), []);
    assertEquals(await states(world, "--since", "2026-07-14T09:30:01Z"), []);
    assertEquals((await world.run("forwards", "list", "--state", "lost")).code, 2);
  });
});

Deno.test("forwards show tells of each attempt", async () => {
  await withJournal(async (world) => {
    const [first] = await failAtErp(world, 1);
    const { code, out, err } = await world.run("forwards", "show", first?.id ?? "");
    assertEquals([code, err], [0, ""]);
    assertEquals(
      out.replace(/The event: .* events show/, "The event: events show"),
      `Forward ${first?.id}
  destination  erp
  state        failed
  event        cart.created
  subject      cart/0
  created      ${formatExactTimestamp(first?.createdAt ?? 0)}

Attempts (1)
  ${formatExactTimestamp(first?.lastAttempt?.startedAt ?? 0)}  12 ms  erp.example answered 500

The event: events show ${first?.event.id}
`,
    );
    assertEquals(await world.run("forwards", "show", "none"), {
      code: 1,
      out: "",
      err: 'There is no forward "none"\n',
    });
  });
});

Deno.test("forwards retry makes due what failed, by id and by destination", async () => {
  await withJournal(async (world) => {
    const [first] = await failAtErp(world, 3);
    const id = first?.id ?? "";
    assertEquals(await world.run("forwards", "retry", id), {
      code: 0,
      out: "1 forward due now\n",
      err: "",
    });
    assertEquals(await states(world, "--destination", "erp"), ["waiting", "failed", "failed"]);
    const later = ["--destination", "erp", "--since", "2026-07-14T09:30:02Z"];
    assertEquals((await world.run("forwards", "retry", ...later)).out, "1 forward due now\n");
    assertEquals(await states(world, "--destination", "erp"), ["waiting", "failed", "waiting"]);
    assertEquals(await world.run("forwards", "retry", "--destination", "crm"), {
      code: 1,
      out: `0 forwards due now
None failed there; 3 forwards wait for the next attempt. To make it now:
forwards retry --destination crm --state waiting
`,
      err: "",
    });
  });
});

Deno.test("forwards retry ends the rest of a destination, by id too", async () => {
  await withJournal(async (world) => {
    const [first] = await failAtErp(world, 1);
    const until = Date.now() + 3_600_000;
    const pause = { at: START, until, status: 429 };
    await world.write(async ({ outbox }) => {
      await outbox.pause("erp", pause);
      const { out: list } = await world.run("forwards", "list");
      assertStringIncludes(
        list,
        `\nPaused: erp, until ${formatExactTimestamp(until)}: it answered 429; ` +
          "to end that: forwards retry --destination erp\n",
      );
      assertEquals(
        (await world.run("forwards", "retry", first?.id ?? "")).out,
        "1 forward due now\n" +
          "The rest of destination erp is ended\n",
      );
      assertEquals(await outbox.paused(), new Map());
      await outbox.pause("crm", pause);
      assertEquals((await world.run("forwards", "retry", "--destination", "crm")).code, 0);
      assertEquals(await outbox.paused(), new Map());
    });
    assertEquals((await world.run("forwards", "list")).out.includes("Paused"), false);
  });
});

Deno.test("forwards resend tells how many, and asks, and leaves the first forward", async () => {
  await withJournal(async (world) => {
    const [first] = await failAtErp(world, 2);
    await world.write((journal) => attemptAll(journal, "crm"));
    const all = ["forwards", "resend", "--destination", "crm"];
    assertEquals(await world.runAnswering(false, ...all), {
      code: 1,
      out: "",
      err: "This would send again 2 delivered forwards\nSend them?\nNothing was changed\n",
    });
    assertEquals(await states(world, "--destination", "crm"), ["delivered", "delivered"]);
    const now = [...all, "--since", "2026-07-14T09:30:01Z"];
    const sent = { code: 0, out: "1 forward sent again: due now\n", err: "" };
    assertEquals(await world.runAnswering(false, ...now, "--yes"), sent);
    assertEquals(await states(world, "--destination", "crm"), [
      "delivered",
      "delivered",
      "waiting",
    ]);
    // Nobody is asked in a script, and nobody about ids.
    assertEquals(await world.run(...now), sent);
    assertEquals(await world.runAnswering(false, "forwards", "resend", first?.id ?? ""), {
      code: 1,
      out:
        "0 forwards sent again: due now\n1 other not delivered yet: forwards retry sends those\n",
      err: "",
    });
    assertEquals((await world.run("forwards", "resend")).code, 2);
    assertEquals((await world.run(...all, "--state", "failed")).code, 2);
  });
});

Deno.test("forwards retry takes up cancelled ones only when asked for", async () => {
  await withJournal(async (world) => {
    await failAtErp(world, 2);
    const cancel = await world.run("forwards", "cancel", "--destination", "erp");
    assertEquals([cancel.code, cancel.out], [0, "2 forwards cancelled\n"]);
    assertEquals(await states(world, "--destination", "erp"), ["cancelled", "cancelled"]);
    assertEquals((await world.run("forwards", "retry", "--destination", "erp")).code, 1);
    const args = ["--destination", "erp", "--state", "cancelled"];
    assertEquals((await world.run("forwards", "retry", ...args)).out, "2 forwards due now\n");
  });
});

Deno.test("forwards retry enables the destination that it names, beside a server", async () => {
  await withJournal(async (world) => {
    const [first] = await failAtErp(world, 1);
    await world.write(async ({ outbox }) => {
      for (const name of ["erp", "crm"]) await outbox.disable(name, { at: START, reason: "gone" });
      assertEquals(await world.run("forwards", "retry", first?.id ?? ""), {
        code: 0,
        out: `1 forward due now
Nothing goes to a disabled destination: erp, since ${formatExactTimestamp(START)}: it answered 410
To enable it: forwards retry --destination erp
`,
        err: "",
      });
      assertEquals(await world.run("forwards", "retry", "--destination", "erp"), {
        code: 0,
        out: "0 forwards due now\nDestination erp is enabled\n",
        err: "",
      });
      assertEquals([...(await outbox.disabled()).keys()], ["crm"]);
      assertEquals((await world.run("forwards", "retry", "--destination", "erp")).code, 1);
      assertEquals((await world.run("forwards", "cancel", "--destination", "crm")).code, 0);
      assertEquals([...(await outbox.disabled()).keys()], ["crm"]);
    });
  });
});

Deno.test("forwards cancel and retry work beside a server", async () => {
  await withJournal(async (world) => {
    const forwards = await failAtErp(world, 2, Date.now());
    await world.write(async (journal) => {
      const ids = forwards.map(({ id }) => id);
      assertEquals((await world.run("forwards", "cancel", ...ids)).out, "2 forwards cancelled\n");
      const [first = ""] = ids;
      const beginning = first.slice(0, -1);
      assertEquals((await world.run("forwards", "retry", beginning)).out, "1 forward due now\n");
      const states = await Promise.all(ids.map(async (id) => await journal.outbox.get(id)));
      assertEquals(states.map((one) => one?.state), ["waiting", "cancelled"]);
      await attemptAll(journal, "erp");
      assertEquals((await journal.outbox.get(first))?.state, "delivered");
      assertEquals((await world.run("forwards", "retry", first)).code, 1);
    });
  });
});

Deno.test("forwards retry changes nothing when one id is wrong, or too little is said", async () => {
  await withJournal(async (world) => {
    const [first] = await failAtErp(world, 1);
    const id = first?.id ?? "";
    assertEquals(await world.run("forwards", "retry", id, "nothing"), {
      code: 1,
      out: "",
      err: 'There is no forward "nothing"\nNothing was changed\n',
    });
    assertEquals(await states(world, "--destination", "erp"), ["failed"]);
    const wrong = {
      "": "Which forwards is missing: give their ids, or --destination D\n",
      "--since=2h": "Which forwards is missing: give their ids, or --destination D\n",
      [`${id} --destination=erp`]: "Cannot use both ids and a filter: give one of them\n",
      "--destination=erp --state=delivered":
        'Cannot read --state "delivered": wanted failed, cancelled, waiting\n',
    };
    for (const [args, message] of Object.entries(wrong)) {
      const ran = await world.run("forwards", "retry", ...args.split(" ").filter(Boolean));
      assertEquals([ran.code, ran.out], [2, ""]);
      assertStringIncludes(ran.err, message);
    }
  });
});

Deno.test("forwards retry makes no journal where there is none", async () => {
  await withJournal(async (world) => {
    const { code, err } = await world.run("forwards", "retry", "--destination", "erp");
    assertEquals(code, 1);
    assertMatch(err, /^There is no journal at /);
    assertEquals([...Deno.readDirSync(world.folder)].map(({ name }) => name), ["config.json"]);
  });
});

Deno.test("forwards retry --json tells how many, and what is said besides", async () => {
  await withJournal(async (world) => {
    const [first] = await failAtErp(world, 2);
    const { code, out } = await world.run("forwards", "retry", first?.id ?? "", "--json");
    assertEquals([code, JSON.parse(out)], [0, { forwards: 1, notes: [] }]);
    const again = await world.run("forwards", "retry", first?.id ?? "", "--json");
    assertEquals(JSON.parse(again.out).forwards, 1);
    const none = await world.run(
      "forwards",
      "cancel",
      "--destination",
      "crm",
      "--state",
      "failed",
      "--json",
    );
    assertEquals([none.code, JSON.parse(none.out)], [1, { forwards: 0, notes: [] }]);
  });
});
