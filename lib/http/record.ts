import { describeRefusal } from "../auth/refusals.ts";
import { newDeliveryId } from "../journal/delivery_id.ts";
import type { Journal } from "../journal/journal.ts";
import { redactHeaders } from "../journal/redact_headers.ts";
import { mapInPieces } from "../util/waiting.ts";
import type { Passage } from "./passage.ts";
import type { ProblemAnswer } from "./problem/problem_body.ts";

const encoder = new TextEncoder();

/** What an admin should know beside it; no property at all where there is nothing. */
function noteOf({ refusal, verified }: Passage): { readonly note?: string } {
  const note = refusal === undefined ? verified?.warning : describeRefusal(refusal);
  return note === undefined ? {} : { note };
}

/**
 * Records a delivery and what follows from it, all of it or nothing.
 *
 * @param passage What was received and found.
 * @param written The answer that will be given.
 * @param journal Where it is recorded.
 * @throws {JournalUnavailable} When it cannot be.
 */
export async function recordDelivery(
  passage: Passage,
  written: ProblemAnswer,
  journal: Journal,
): Promise<void> {
  const { endpoint, exported, events } = passage;
  const toRecord = await mapInPieces(
    events,
    (event) => ({ ...event, forwardTo: endpoint.forwardTo(event) }),
  );
  const answeredAt = Date.now();
  await journal.record({
    id: newDeliveryId(answeredAt),
    endpoint: endpoint.path,
    kind: endpoint.kind,
    requestId: passage.requestId,
    receivedAt: passage.receivedAt,
    answeredAt,
    remoteAddress: passage.remoteAddress,
    // A signature that was tried and is wrong opens nothing, and tells the doctor how it was made.
    // Any other may be a right one, whatever the delivery was refused for, and could be sent again.
    headers: redactHeaders(passage.headers, {
      disprovedHeader: passage.refusal?.disprovedHeader,
      path: endpoint.path,
    }),
    body: passage.body,
    verifiedBy: passage.verified?.by ?? null,
    status: written.status,
    answer: written.body,
    rules: endpoint.rules,
    decisions: passage.decisions,
    ...noteOf(passage),
  }, {
    events: toRecord,
    exported: exported === undefined ? undefined : {
      token: exported.token,
      list: encoder.encode(JSON.stringify(exported.list)),
    },
  });
}
