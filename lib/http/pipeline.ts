import { describeRefusal } from "../auth/refusals.ts";
import type { SignatureHeaders } from "../auth/authenticator.ts";
import { ShapeError } from "../rules/cel/evaluation.ts";
import { type HeaderLine, newDeliveryId, redactHeaders } from "../journal/delivery.ts";
import { JournalUnavailable } from "../journal/errors.ts";
import type { Journal } from "../journal/journal.ts";
import { log } from "../observe/log.ts";
import type { ServiceRequest } from "../services/exchange.ts";
import { inPieces, mapInPieces } from "../util/waiting.ts";
import { BodyAborted } from "./body.ts";
import { type Capacity, takeTurn } from "./limits.ts";
import {
  type JudgeElsewhere,
  reportDelivery,
  type ReportTools,
  type RequestContext,
  requestIdOf,
  type RequestSender,
  verifyRequest,
} from "./context.ts";
import type { Endpoint } from "./endpoint.ts";
import { checkMediaType, documentOf } from "./json.ts";
import { wishesOf } from "./negotiation.ts";
import { Problem, problemOfShape } from "./problem/problem.ts";
import { problemAnswer, type WrittenAnswer } from "./problem/problem_answer.ts";
import { requestUrlOf } from "./request.ts";

/** What the pipeline works with, the same for every request. */
export interface PipelineTools extends ReportTools {
  /** Reads the body of a request, within the limits of this server; see `readRequest()`. */
  readBody(request: Request, sender: RequestSender): Promise<Uint8Array<ArrayBuffer>>;
  readonly journal: Journal;
  /** How many requests are worked on at a time; a 503 beyond. */
  readonly capacity: Capacity;
  /** Looks whether a refused signature is right for another endpoint. */
  readonly judgeElsewhere?: JudgeElsewhere;
}

const encoder = new TextEncoder();
const NOTHING = new Uint8Array();

/** How platforms ask whether an endpoint is there. */
const PROBES: ReadonlySet<string> = new Set(["HEAD", "OPTIONS"]);

/** What a request gets whose body could not be read for no fault of its sender's. */
const UNSEEN: ReadonlySet<string> = new Set(["too_many_requests", "unavailable"]);

const NO_CONTENT: WrittenAnswer = { status: 204, body: NOTHING, headers: {} };

/**
 * The pipeline of every delivery: read, verify, parse, answer, record, sign, respond.
 *
 * @param endpoint Whose path was called.
 * @param request The request.
 * @param sender Who sent it.
 * @param tools What the pipeline works with.
 * @returns The response; every failure is one too.
 */
export async function runPipeline(
  endpoint: Endpoint,
  request: Request,
  sender: RequestSender,
  tools: PipelineTools,
): Promise<Response> {
  const startedAt = performance.now();
  const context: RequestContext = {
    endpoint,
    headers: request.headers,
    requestId: requestIdOf(request.headers),
    remoteAddress: sender.address,
    receivedAt: Date.now(),
    body: NOTHING,
    verified: undefined,
    refusal: undefined,
    decisions: [],
    exported: undefined,
    numbers: undefined,
    events: [],
    problem: undefined,
    leave: undefined,
  };
  try {
    const found = await findAnswer(context, request, sender, tools); // 1 to 4
    // Signed meanwhile: the signature goes nowhere before the delivery is recorded.
    const [written, early] = await Promise.all([
      record(context, request, found, tools.journal), // 5 record
      sign(context, request, found), // 6 sign
    ]);
    const signature = written === found ? early : await sign(context, request, written);
    const durationMs = performance.now() - startedAt;
    reportDelivery(context, { method: request.method, status: written.status, durationMs }, tools);
    return respond(context, written, signature); // 7 respond
  } finally {
    context.leave?.();
  }
}

/** The first four steps. Whatever goes wrong in them is an answer, to be recorded and signed too. */
async function findAnswer(
  context: RequestContext,
  request: Request,
  sender: RequestSender,
  tools: PipelineTools,
): Promise<WrittenAnswer> {
  const { endpoint, headers } = context;
  try {
    // Before any refusal: a connection whose body is left unread can't carry another request.
    context.body = await tools.readBody(request, sender); // 1 read
    // Counted only from here on: whoever sends slowly takes nobody's place.
    context.leave = tools.capacity.enter();
    if (context.leave === undefined) throw new Problem("overloaded");
    if (isProbe(endpoint, request)) return NO_CONTENT;
    checkMethod(endpoint, request);
    if (endpoint.ingestion?.json !== false) checkMediaType(headers);
    await verifyRequest(context, request, tools.judgeElsewhere); // 2 verify
    // What is in memory for those who are known, the places for requests limit.
    sender.arrival?.release();
    // A stranger cannot use up the rate of those who are known.
    takeTurn(endpoint.rate, performance.now());
    const document = await inPieces(documentOf(endpoint, context.body)); // 3 parse
    context.numbers = endpoint.numbersOf?.(document) ?? [];
    return await answer(context, request, document, tools.journal); // 4 answer
  } catch (error) {
    context.problem = toProblem(error, context);
    return problemAnswer(context.problem, headers, context.requestId);
  }
}

function checkMethod({ ingestion }: Endpoint, { method }: Request): void {
  if (method === "POST") return;
  const allowed = ingestion === undefined ? "POST" : "POST, HEAD, OPTIONS";
  throw new Problem("method_not_allowed", { headers: { Allow: allowed } });
}

/** Has the handler decide, or take in, and keeps what follows from it. */
async function answer(
  context: RequestContext,
  request: Request,
  document: unknown,
  journal: Journal,
): Promise<WrittenAnswer> {
  const { endpoint, headers, requestId, body } = context;
  const { result, decisions, exported, events } = await endpoint.answer({
    document,
    requestId,
    body,
    headers,
    url: () => requestUrlOf(request.url),
    exportOf: (listKey, externalId) => journal.exportOf(endpoint.path, listKey, externalId),
    ask: (service, question) => service.ask(serviceRequestOf(context), question),
  });
  context.decisions = decisions;
  if (result instanceof Problem) throw result;
  context.exported = exported;
  context.events = events ?? [];
  if (result === null) return NO_CONTENT;
  return {
    status: 200,
    body: encoder.encode(result),
    headers: { "Content-Type": "application/json" },
  };
}

/** What was not recorded was not answered: the sender is told to come again. */
async function record(
  context: RequestContext,
  request: Request,
  written: WrittenAnswer,
  journal: Journal,
): Promise<WrittenAnswer> {
  // Sent away unseen: to record it would be the work that there is no room for.
  if (context.problem !== undefined && isUnseen(context, context.problem)) return written;
  // No delivery: among those that were refused it would take the place of one.
  if (context.problem === undefined && isProbe(context.endpoint, request)) return written;
  try {
    await recordDelivery(context, written, journal);
    return written;
  } catch (error) {
    const problem = toProblem(error, context);
    // A stranger learns nothing of the journal, and has nothing to come again for.
    if (context.verified === undefined) return written;
    context.problem = problem;
    return problemAnswer(problem, context.headers, context.requestId);
  }
}

/** Records a delivery and what follows from it, all of it or nothing. */
async function recordDelivery(
  context: RequestContext,
  written: WrittenAnswer,
  journal: Journal,
): Promise<void> {
  const { endpoint, exported, events } = context;
  const toRecord = events.length === 0 ? [] : await mapInPieces(
    events,
    (event) => ({ ...event, forwardTo: endpoint.forwardTo(event) }),
  );
  const answeredAt = Date.now();
  await journal.record({
    id: newDeliveryId(answeredAt),
    endpoint: endpoint.path,
    kind: endpoint.kind,
    requestId: context.requestId,
    receivedAt: context.receivedAt,
    answeredAt,
    remoteAddress: context.remoteAddress,
    // A signature that was tried and is wrong opens nothing, and tells the doctor how it was made.
    // Any other may be a right one, whatever the delivery was refused for, and could be sent again.
    headers: redactHeaders(linesOf(context.headers), {
      disprovedHeader: context.refusal?.disprovedHeader,
      path: endpoint.path,
    }),
    body: context.body,
    verifiedBy: context.verified?.by ?? null,
    status: written.status,
    answer: written.body,
    rules: endpoint.rules,
    decisions: context.decisions,
    ...(context.numbers === undefined ? {} : { numbers: context.numbers }),
    ...noteOf(context),
  }, {
    events: toRecord,
    isBodyGiven: true,
    exported: exported === undefined ? undefined : {
      token: exported.token,
      list: encoder.encode(JSON.stringify(exported.list)),
    },
  });
}

/** The iterator of the headers would take twice as long. */
function linesOf(headers: Headers): readonly HeaderLine[] {
  const lines: HeaderLine[] = [];
  headers.forEach((value, name) => lines.push([name, value]));
  return lines;
}

/** Of the answer to a HEAD no byte is written, whatever a GET would get. */
function sign(
  { endpoint, verified }: RequestContext,
  request: Request,
  { body }: WrittenAnswer,
): SignatureHeaders | Promise<SignatureHeaders> {
  return endpoint.auth.sign(request.method === "HEAD" ? NOTHING : body, verified);
}

function respond(
  { requestId }: RequestContext,
  { status, body, headers }: WrittenAnswer,
  signature: SignatureHeaders,
): Response {
  return new Response(status === 204 ? null : body, {
    status,
    headers: {
      ...headers,
      ...signature,
      "X-Request-Id": requestId,
      // Compressed on the way, by a proxy or by Deno 2.5, the bytes would not be those signed.
      "Cache-Control": "no-store, no-transform",
    },
  });
}

/** What a service is asked about: the delivery as it came. */
function serviceRequestOf({ body, requestId, headers }: RequestContext): ServiceRequest {
  // A shopper's browser could make it longer than the head that a service takes.
  return { body, requestId, language: wishesOf(headers, "accept-language") };
}

/** Whether it only asks if the endpoint is there. */
function isProbe({ ingestion }: Endpoint, { method }: Request): boolean {
  return ingestion !== undefined && PROBES.has(method);
}

/** Whether it was sent away before anything was known of it, for want of room or of time. */
function isUnseen({ verified }: RequestContext, { code }: Problem): boolean {
  const isAfterReading = verified !== undefined;
  return code === "overloaded" || (!isAfterReading && UNSEEN.has(code));
}

/** What an admin should know beside it; no property at all where there is nothing. */
function noteOf({ refusal, verified }: RequestContext): { readonly note?: string } {
  const note = refusal === undefined ? verified?.warning : describeRefusal(refusal);
  return note === undefined ? {} : { note };
}

/** What nobody foresaw is told to the log alone: its text may hold anything. */
function toProblem(error: unknown, { endpoint, requestId }: RequestContext): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ShapeError) return problemOfShape(error);
  // Nobody is left to read the answer; the log has it all the same.
  if (error instanceof BodyAborted) return new Problem("body_timeout", { cause: error });
  const properties = { endpoint: endpoint.path, requestId, error };
  if (error instanceof JournalUnavailable) {
    log.error("Cannot record a delivery to {endpoint}, request {requestId}: {error}", properties);
    return new Problem("unavailable", { cause: error });
  }
  log.error("Cannot answer {endpoint}, request {requestId}: {error}", properties);
  return new Problem("internal_error");
}
