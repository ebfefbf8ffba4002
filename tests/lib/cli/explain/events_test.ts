import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { main } from "../../../../lib/cli/mod.ts";
import { withFolder } from "../../config/load_text.ts";
import { fakeTerminal } from "../fake_terminal.ts";

const FILTER = "event.type == 'cart.closed'";
const FAILING = "number(event.fields['total']) > 1";

const CONFIG = {
  endpoints: [
    {
      path: "/emporix",
      kind: "emporix.events",
      auth: { type: "emporix", secrets: ["password123"] },
      forward: ["erp", { to: "files", when: FILTER }, { to: "crm", when: FAILING }],
    },
    {
      path: "/ultracart",
      kind: "ultracart.events",
      auth: { type: "basic", username: "ultracart", password: "pass:word" },
    },
    { path: "/open", kind: "events", auth: { type: "none" }, forward: ["erp"] },
    {
      path: "/cart",
      kind: "ustore.cart-export",
      signatureKeys: ["a key of the store"],
      forward: ["files"],
    },
  ],
  destinations: {
    erp: { type: "http", url: "http://127.0.0.1:9/" },
    crm: { type: "http", url: "http://127.0.0.1:9/" },
    files: { type: "folder", path: "hot" },
  },
};

/** Runs `explain` on a body of these bytes; on the kind's own example without one. */
async function explain(kind: string, body?: string, ...args: readonly string[]) {
  const terminal = fakeTerminal(body === undefined ? {} : { stdin: body });
  let code = NaN;
  await withFolder(async (folder) => {
    const config = join(folder, "config.json");
    await Deno.writeTextFile(config, JSON.stringify(CONFIG));
    const input = body === undefined ? [] : ["--body", "-"];
    code = await main(["explain", kind, ...input, ...args, "--config", config], terminal);
  });
  return { code, out: terminal.output(), err: terminal.errors() };
}

Deno.test("explain shows an event with where it goes, and why", async () => {
  const body = '{"id":5,"metadata":null}';
  const { code, out, err } = await explain(
    "emporix.events",
    body,
    "--path",
    "/emporix/CART.closed",
  );
  assertEquals([code, err], [0, ""]);
  assertEquals(
    out.replace(/[\da-f]{64}/, "KEY"),
    `/emporix (emporix.events)

Event 1: cart.closed
  source    emporix
  subject   cart/5
  key       KEY
  happened  -
  warning   id: found an integer, wanted text
  goes to   erp
  goes to   files, by its filter ${FILTER}
              event.type = cart.closed
  goes to   crm, by its filter ${FAILING}, which failed and so lets it through: there is no "total"
              event.fields['total'] = nothing

Answer: 204
`,
  );
});

Deno.test("explain --json tells the same to machines", async () => {
  const body = '{"id":"5","total":0.5}';
  const { code, out } = await explain(
    ...["emporix.events", body, "--json", "--path", "/emporix?event=cart.created"] as const,
  );
  const { events: [{ key, ...event }, ...others], ...rest } = JSON.parse(out);
  assertMatch(key, /^[\da-f]{64}$/);
  assertEquals([code, others], [0, []]);
  assertEquals(rest, {
    kind: "emporix.events",
    path: "/emporix",
    status: 204,
    answer: null,
    decisions: [],
  });
  assertEquals(event, {
    source: "emporix",
    type: "cart.created",
    candidates: [],
    subject: "cart/5",
    occurredAt: null,
    warnings: [],
    payloadBytes: body.length,
    forwards: [
      { destination: "erp", goes: true, when: null },
      {
        destination: "files",
        goes: false,
        when: FILTER,
        values: [{ path: "event.type", value: "cart.created" }],
      },
      {
        destination: "crm",
        goes: false,
        when: FAILING,
        values: [{ path: "event.fields['total']", value: "0.5" }],
      },
    ],
  });
});

Deno.test("explain takes each kind's own example", async () => {
  const expected = {
    "emporix.events": "\n\nEvent 1: cart.created\n",
    "ultracart.events": '\n  goes to   nowhere: the endpoint has no "forward"\n',
    "events": "\n\nEvent 1: example.created\n",
    "ustore.cart-export": "\n\nEvent 1: cart.exported\n",
  };
  for (const [kind, part] of Object.entries(expected)) {
    const { code, out, err } = await explain(kind);
    assertEquals([code, err], [0, ""], kind);
    assertStringIncludes(out, part);
  }
});

Deno.test("explain tells of a delivery without events, and of one that is refused", async () => {
  const none = await explain("ultracart.events", "[]");
  assertEquals(none, {
    code: 0,
    out: "/ultracart (ultracart.events)\n\nNo event\n\nAnswer: 204\n",
    err: "",
  });
  const refused = await explain("ultracart.events", "[1]", "--json");
  const { status, answer, events } = JSON.parse(refused.out);
  assertEquals([refused.code, status, answer.code, events], [1, 400, "wrong_shape", undefined]);
  const elsewhere = await explain("ultracart.events", "[]", "--path", "/emporix");
  assertEquals([elsewhere.code, elsewhere.out], [2, ""]);
  assertStringIncludes(
    elsewhere.err,
    'The config has no endpoint of the kind "ultracart.events" at "/emporix", only at: /ultracart\n',
  );
});
