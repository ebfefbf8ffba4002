import { assertEquals } from "@std/assert";
import { MESSAGES } from "../../../lib/http/problem/problem_answer.ts";
import {
  assertAlive,
  assertSigned,
  type Delivery,
  hmac,
  PATHS,
  requestOf,
  sample,
  withoutNames,
} from "../delivery.ts";
import { type Program, shareProgram, STACK_TRACE } from "../program.ts";
import { connect } from "../raw_http.ts";

const test = shareProgram();
const CONNECTIONS = 50;
const REQUESTS_EACH = 10;

interface Case {
  readonly delivery: Delivery;
  readonly status: number;
  /** The whole body, or the message of an error. */
  readonly expected: string;
}

const ORDER = new TextDecoder().decode(sample("order_approval"));

/** An order of its own, whose answer nobody else gets. */
function ownOrder(group: number): Case {
  const body = ORDER.replace(/"CustomConfig": "[^"]*"/, `"CustomConfig": "true;${group}"`);
  const expected = JSON.stringify({ ApprovalGroupId: group, IsApprovalNeeded: true });
  return { delivery: { body }, status: 200, expected };
}

function exported(connection: number): Case {
  const externalID = `list ${connection}`;
  const body = new TextDecoder().decode(sample("cart_export"))
    .replace('"externalID": ""', `"externalID": "${externalID}"`);
  const externalUrl = "http://127.0.0.1:8080/exports/TOKEN";
  const expected = JSON.stringify({ externalID, externalUrl, redirectUrl: "" });
  return { delivery: { target: PATHS.cart_export, body }, status: 200, expected };
}

const { de, es, he } = MESSAGES;

function caseOf(connection: number, turn: number): Case {
  const cases: readonly Case[] = [
    ownOrder(1 + connection * REQUESTS_EACH + turn),
    {
      delivery: { target: PATHS.manufacturer, body: sample("manufacturer") },
      status: 200,
      expected: '{"3087":"2","3088":"1"}',
    },
    {
      delivery: { headers: { "X-Signature": hmac("{}"), "Accept-Language": "de" } },
      status: 401,
      expected: de.problems.signature_mismatch,
    },
    exported(connection),
    {
      delivery: { body: "{".repeat(1 + connection), headers: { "Accept-Language": "es" } },
      status: 400,
      expected: es.problems.not_json,
    },
    {
      delivery: { method: "PUT", headers: { "Accept-Language": "he" } },
      status: 405,
      expected: he.problems.method_not_allowed,
    },
    ownOrder(100_000 + connection * REQUESTS_EACH + turn),
  ];
  const chosen = cases[(connection + turn) % cases.length];
  return chosen ?? ownOrder(0);
}

async function converse(program: Program, connectionNumber: number): Promise<number> {
  using connection = await connect(program);
  let answered = 0;
  for (let turn = 0; turn < REQUESTS_EACH; turn++) {
    const { delivery, status, expected } = caseOf(connectionNumber, turn);
    const id = `c${connectionNumber}-t${turn}`;
    const headers = { ...delivery.headers, "X-Request-Id": id };
    await connection.send(requestOf({ ...delivery, headers }));
    const response = await connection.response();
    const found = status === 200 ? withoutNames(response.text) : JSON.parse(response.text).message;
    assertEquals([response.status, found, response.headers["x-request-id"]], [
      status,
      expected,
      id,
    ]);
    assertSigned(response);
    answered++;
  }
  return answered;
}

test("500 requests of mixed kinds over 50 connections each get their own answer", async (program) => {
  const counts = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) => converse(program, index)),
  );
  assertEquals(counts.reduce((sum, count) => sum + count), CONNECTIONS * REQUESTS_EACH);
  await program.logged(/"requestId":"c49-t9"/);
  await assertAlive(program);
  assertEquals(STACK_TRACE.exec(program.stderr()), null);
});
