import type { ReceivedEvent } from "../events/event.ts";
import { type Decision, NotAsked } from "../rules/decision.ts";
import { ShapeError } from "../rules/cel/evaluation.ts";
import { type Answer, type Endpoint, type Incoming } from "../http/endpoint.ts";
import { documentOf } from "../http/json.ts";
import { atOnce } from "../util/waiting.ts";
import { Problem, problemOfShape } from "../http/problem/problem.ts";
import { problemAnswer } from "../http/problem/problem_answer.ts";

/** What the server would answer to a verified body, and why. */
export interface Decided {
  /** `null` when it would ask a service, and nobody may: then the body is empty. */
  readonly status: number | null;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly decisions: readonly Decision[];
  /** What was found in it to be kept and handed on; absent when it is refused. */
  readonly events?: readonly ReceivedEvent[];
}

/** What an answer depends on beside the body. */
interface Surroundings extends Pick<Incoming, "requestId" | "exportOf" | "ask" | "timeZone"> {
  /** The language of messages, as `Accept-Language` gives it. */
  readonly language: string | undefined;
  /** Where it was sent; the endpoint's own path unless given. */
  readonly url?: URL;
}

const encoder = new TextEncoder();

/**
 * Decides a body as the server does once it is verified; nothing is recorded or signed. Answers at
 * once where the endpoint does, so that many can be decided in a row.
 *
 * @param endpoint By which endpoint.
 * @param body The bytes of the body.
 * @param around What the answer depends on beside it.
 * @throws {Error} When the endpoint fails in a way that nobody foresaw.
 */
export function decideBody(
  endpoint: Endpoint,
  body: Uint8Array<ArrayBuffer>,
  around: Surroundings,
): Decided | Promise<Decided> {
  try {
    const { requestId, exportOf, ask } = around;
    const answer = endpoint.answer({
      document: atOnce(documentOf(endpoint, body)),
      requestId,
      body,
      headers: new Headers(),
      url: () => around.url ?? new URL(endpoint.path, "http://localhost"),
      exportOf,
      ask,
      ...(around.timeZone !== undefined && { timeZone: around.timeZone }),
    });
    if (!(answer instanceof Promise)) return written(answer, around);
    return answer.then((late) => written(late, around), (error) => refused(error, around));
  } catch (error) {
    return refused(error, around);
  }
}

function written({ result, decisions, events = [] }: Answer, around: Surroundings): Decided {
  if (result instanceof Problem) return { ...problem(result, around), decisions };
  const status = result === null ? 204 : 200;
  return { status, body: encoder.encode(result ?? ""), decisions, events };
}

function refused(error: unknown, around: Surroundings): Decided {
  if (error instanceof Problem) return problem(error, around);
  if (error instanceof ShapeError) return problem(problemOfShape(error), around);
  if (error instanceof NotAsked) {
    return { status: null, body: new Uint8Array(), decisions: error.decisions };
  }
  throw error;
}

function problem(
  found: Problem,
  { language, requestId }: Pick<Surroundings, "language" | "requestId">,
): Decided {
  const headers = new Headers(language === undefined ? {} : { "Accept-Language": language });
  const { status, body } = problemAnswer(found, headers, requestId);
  return { status, body, decisions: [] };
}
