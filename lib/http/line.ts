import type { Verified } from "../auth/authenticator.ts";
import type { Decision } from "../decide/decision.ts";
import { ShapeError } from "../decide/shape_error.ts";
import { log } from "../observe/log.ts";
import { BodyAborted, type BodyLimits, readBody } from "./body.ts";
import type { Endpoint } from "./endpoint.ts";
import { checkMediaType, decodeJson } from "./json.ts";
import { Problem, problemOfShape } from "./problem.ts";
import { problemAnswer } from "./problem_body.ts";
import { requestIdOf } from "./request_id.ts";

/** A body that will be written, byte by byte. */
interface Written {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the steps before it found out, for the journal, the log and the signature. */
interface Finding {
  readonly written: Written;
  readonly verified: Verified | undefined;
  readonly decisions: readonly Decision[];
}

const encoder = new TextEncoder();

/**
 * The one line that every delivery walks: read, verify, parse, answer, record, sign, respond.
 *
 * @param endpoint Whose path was called.
 * @param request The request.
 * @param limits How much is read, and for how long.
 * @returns The response; every failure is one too.
 */
export async function walkLine(
  endpoint: Endpoint,
  request: Request,
  limits: BodyLimits,
): Promise<Response> {
  const startedAt = performance.now();
  const requestId = requestIdOf(request.headers);
  const finding = await findAnswer(endpoint, request, requestId, limits);
  const { written, verified } = finding;
  // Step 5, record, stands here: between the answer that is known and the answer that is given.
  const signature = await endpoint.auth.sign(written.body, verified); // 6 sign
  logDelivery(endpoint, requestId, finding, performance.now() - startedAt);
  return new Response(written.body, { // 7 respond
    status: written.status,
    headers: {
      ...written.headers,
      ...signature,
      "X-Request-Id": requestId,
      // Compressed on the way, by a proxy or by Deno 2.5, the bytes would not be those signed.
      "Cache-Control": "no-store, no-transform",
    },
  });
}

async function findAnswer(
  endpoint: Endpoint,
  request: Request,
  requestId: string,
  limits: BodyLimits,
): Promise<Finding> {
  let verified: Verified | undefined;
  let decisions: readonly Decision[] = [];
  try {
    // Before any refusal: a connection whose body is left unread can't carry another request.
    const body = await readBody(request, limits); // 1 read
    if (request.method !== "POST") {
      throw new Problem("method_not_allowed", { headers: { Allow: "POST" } });
    }
    checkMediaType(request.headers);
    verified = await endpoint.auth.verify(request.headers, body); // 2 verify
    if (verified === undefined) throw new Problem("signature_mismatch");
    const document = decodeJson(body); // 3 parse
    const answer = await endpoint.answer({ document, requestId }); // 4 answer
    decisions = answer.decisions;
    if (answer.result instanceof Problem) throw answer.result;
    return { written: writeJson(answer.result), verified, decisions };
  } catch (error) {
    const problem = toProblem(error, endpoint, requestId);
    return { written: problemAnswer(problem, request.headers, requestId), verified, decisions };
  }
}

function writeJson(text: string): Written {
  return {
    status: 200,
    body: encoder.encode(text),
    headers: { "Content-Type": "application/json" },
  };
}

/** What nobody foresaw is told to the log alone: its text may hold anything. */
function toProblem(error: unknown, endpoint: Endpoint, requestId: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ShapeError) return problemOfShape(error);
  // Nobody is left to read the answer; the log has it all the same.
  if (error instanceof BodyAborted) return new Problem("body_timeout", { cause: error });
  log.error("Cannot answer {endpoint}, request {requestId}: {error}", {
    endpoint: endpoint.path,
    requestId,
    error,
  });
  return new Problem("internal_error");
}

function logDelivery(
  endpoint: Endpoint,
  requestId: string,
  { written, decisions }: Finding,
  durationMs: number,
): void {
  for (const { failures } of decisions) {
    for (const { rule, reason } of failures) {
      log.warn("Rule {rule} of {endpoint} failed and counts as no match: {reason}", {
        rule,
        endpoint: endpoint.path,
        reason,
        requestId,
      });
    }
  }
  log.info("{endpoint} answered {status} by {rules} in {durationMs} ms", {
    endpoint: endpoint.path,
    status: written.status,
    rules: [...new Set(decisions.map(({ rule }) => rule ?? "no rule"))].join(", ") || "no rule",
    durationMs: Math.round(durationMs * 1000) / 1000,
    requestId,
  });
}
