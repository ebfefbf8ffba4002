/** What the routes of the API give, for its description; a test holds it against what they do give. */
import * as z from "zod";
import { ROLES } from "../../journal/console.ts";
import { CHANGING_OUTPUTS } from "./changing_outputs.ts";

const time = z.string().meta({ description: "In ISO 8601, in UTC." });
const timeOrNull = time.nullable();
const count = z.int().min(0);
const next = z.string().nullable().meta({
  description: "The cursor of the next page; null behind the end.",
});
const howFar = {
  next,
  lookedBackTo: timeOrNull.meta({
    description: "Back to when it was looked, where the search stopped because its time was up.",
  }),
};
const encoding = z.enum(["utf-8", "base64"]).meta({
  description: "How bytes are written: as text where they are UTF-8, else in Base64.",
});

const brief = z.object({
  orders: z.array(z.string()).optional().meta({ description: "The numbers of the order." }),
  total: z.string().optional().meta({ examples: ["612.40 USD"] }),
  shopper: z.string().optional().meta({ description: "Not for viewers." }),
  answer: z.string().optional().meta({ examples: ["group 10065 must approve"] }),
}).meta({ description: "What people look for in it; what it does not say is missing." });

const decision = z.looseObject({
  subject: z.string().optional().meta({ description: "The id of the item it is about." }),
  rule: z.string().nullable().meta({ description: "The rule that decided; null where none did." }),
  outcome: z.looseObject({}).nullable(),
});

const summary = {
  id: z.string(),
  receivedAt: time,
  answeredAt: time,
  durationMs: z.number(),
  endpoint: z.string(),
  kind: z.string(),
  status: z.int(),
  verifiedBy: z.string().nullable().meta({ description: "Null marks a refused delivery." }),
  requestId: z.string(),
  isOwnRequestId: z.boolean().meta({
    description: "Whether the program made it: one that its sender chose is not for viewers.",
  }),
  remoteAddress: z.string(),
  repeatOf: z.string().nullable(),
  note: z.string().optional(),
  erasedAt: timeOrNull,
  bodyBytes: count,
  brief,
  decisionCount: count.meta({ description: "How many there are; of many the first are shown." }),
};
const deliveryRow = z.looseObject({ ...summary, decisions: z.array(decision) });

const readValue = z.looseObject({ path: z.string(), value: z.unknown() });
const reason = z.looseObject({
  sentence: z.string(),
  kind: z.string(),
  rule: z.string().optional(),
  values: z.array(readValue).optional(),
}).meta({ description: "Why it was answered so, in a sentence and in parts." });
const traced = decision.extend({
  trace: z.array(z.looseObject({
    rule: z.string(),
    state: z.enum(["matched", "not matched", "failed"]),
    when: z.string().optional(),
    values: z.array(readValue).optional(),
    reason: z.string().optional(),
  })).meta({ description: "What each rule said that was tried." }),
});
const finding = z.looseObject({
  what: z.string(),
  mend: z.string().optional(),
  variant: z.string().optional(),
}).meta({ description: "What is wrong with a signature." });
const delivery = z.looseObject({
  ...summary,
  reason,
  decisions: z.array(traced),
  rules: z.array(z.string()),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
  bodyEncoding: encoding,
  bodyIsCut: z.boolean().meta({ description: "Whether it holds the beginning alone." }),
  keptBytes: count,
  answer: z.string(),
  answerEncoding: encoding,
  answerIsCut: z.boolean(),
  answerBytes: count,
  signature: finding.optional(),
});

const eventFields = {
  id: z.string(),
  receivedAt: time,
  occurredAt: timeOrNull,
  endpoint: z.string(),
  source: z.string(),
  type: z.string(),
  candidates: z.array(z.string()),
  subject: z.string(),
  key: z.string(),
  duplicates: count,
  lastSeenAt: time,
  warnings: z.array(z.string()),
  deliveryId: z.string(),
  erasedAt: timeOrNull,
  payloadBytes: count,
};
const attempt = z.looseObject({
  startedAt: time,
  durationMs: z.number(),
  status: z.int().nullable(),
  error: z.string().nullable(),
});
const forwardFields = {
  id: z.string(),
  destination: z.string(),
  state: z.enum(["waiting", "delivered", "failed", "cancelled"]),
  createdAt: time,
  dueAt: timeOrNull,
  leasedUntil: timeOrNull,
  attempts: count,
  lastAttempt: attempt.nullable(),
  event: z.looseObject({ id: z.string(), type: z.string(), subject: z.string() }),
};
const history = z.array(attempt).meta({
  description: "The newest attempts, oldest of them first.",
});

const numbers = z.array(count).meta({ description: "One for each of the times." });
const traffic = z.looseObject({
  span: z.enum(["hour", "day", "month"]),
  stepMs: count,
  times: z.array(time).meta({ description: "When each step begins." }),
  endpoints: z.array(z.looseObject({
    ...{ endpoint: z.string(), answered: numbers, refused: numbers, failed: numbers },
  })),
});
const changed = z.looseObject({ destination: z.string(), changed: z.boolean() });
const changedForwards = z.looseObject({
  forwards: count.meta({ description: "How many." }),
  selection: z.looseObject({}).optional().meta({
    description: "Only with dryRun: what to send to change exactly these.",
  }),
});
const trial = z.looseObject({
  status: z.int().nullable(),
  durationMs: z.number(),
});
const mistakes = z.array(z.looseObject({
  path: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  message: z.string(),
  hint: z.string().nullable(),
}));
const endpoints = z.array(
  z.looseObject({ path: z.string(), kind: z.string(), scheme: z.string() }),
);

/** What each route gives, by its method and path; one that is missing gives no JSON. */
export const OUTPUTS: Readonly<Record<string, z.ZodType>> = {
  ...CHANGING_OUTPUTS,
  "GET /overview": z.looseObject({
    version: z.string(),
    startedAt: time,
    now: time,
    ready: z.boolean(),
    attention: z.array(z.looseObject({
      kind: z.string(),
      severity: z.enum(["error", "warning"]),
      subject: z.string(),
      text: z.string(),
      href: z.string(),
    })).meta({ description: "What needs a person." }),
    endpoints: z.array(z.looseObject({
      ...{ endpoint: z.string(), kind: z.string(), lastReceivedAt: timeOrNull },
      ...{ answered: count, refused: count, failed: count },
    })).meta({ description: "With what came in the last 24 hours." }),
    figures: z.looseObject({ accepted: count, refused: count, events: count }),
    traffic,
    instances: z.array(z.looseObject({
      ...{ host: z.string(), version: z.string(), config: z.string(), startedAt: time },
      ...{ silentSeconds: count, isThis: z.boolean() },
    })).meta({ description: "Those that share the journal; none where it is a file." }),
  }),
  "GET /traffic": traffic,
  "GET /deliveries": z.looseObject({ deliveries: z.array(deliveryRow), ...howFar }),
  "GET /deliveries/{id}": delivery,
  "GET /deliveries/{id}/finding": z.looseObject({
    ...{ id: z.string(), endpoint: z.string(), verifiedBy: z.string().nullable() },
    note: z.string().optional().meta({ description: "What was found as it was refused." }),
    signature: finding.optional(),
  }),
  "POST /deliveries/{id}/decide": z.looseObject({
    id: z.string(),
    endpoint: z.string(),
    status: z.int().nullable(),
    answer: z.string(),
    decisions: z.array(traced),
    difference: z.looseObject({}).optional().meta({ description: "Absent where nothing differs." }),
  }),
  "GET /deliveries/{id}/curl": z.looseObject({ id: z.string(), curl: z.string() }),
  "GET /events": z.looseObject({ events: z.array(z.looseObject(eventFields)), ...howFar }),
  "GET /events/{id}": z.looseObject({
    ...eventFields,
    payload: z.string(),
    payloadEncoding: encoding,
    payloadIsCut: z.boolean(),
    forwards: z.array(z.looseObject({ ...forwardFields, history })),
  }),
  "GET /forwards": z.looseObject({ forwards: z.array(z.looseObject(forwardFields)), ...howFar }),
  "GET /forwards/{id}": z.looseObject({
    ...forwardFields,
    ...{ history, eventId: z.string(), deliveryId: z.string() },
  }),
  "POST /forwards/retry": changedForwards,
  "POST /forwards/resend": changedForwards,
  "POST /forwards/cancel": changedForwards,
  "GET /destinations": z.looseObject({
    destinations: z.array(z.looseObject({
      name: z.string(),
      type: z.string(),
      target: z.string(),
      state: z.enum(["fine", "failing", "paused", "disabled"]),
      running: count,
      failuresInRow: count,
      failingSince: timeOrNull,
      lastError: z.string().nullable(),
    })),
  }),
  "POST /destinations/{name}/pause": z.looseObject({ destination: z.string(), until: time }),
  "POST /destinations/{name}/resume": changed,
  "POST /destinations/{name}/enable": changed,
  "POST /destinations/{name}/test": trial.extend({
    destination: z.string(),
    delivered: z.boolean(),
  }),
  "GET /services": z.looseObject({
    services: z.array(z.looseObject({
      ...{ name: z.string(), url: z.string(), calls: count, failures: count },
      isLeftAlone: z.boolean(),
      lastCalls: z.array(z.looseObject({ at: time, outcome: z.string(), attempts: count })),
    })),
  }),
  "POST /services/{name}/test": trial.extend({ service: z.string(), outcome: z.string() }),
  "GET /endpoints": z.looseObject({ endpoints }),
  "GET /rules/{endpoint...}": z.looseObject({
    endpoint: z.string(),
    kind: z.string(),
    since: time,
    lookedBackTo: timeOrNull,
    deliveries: count,
    rules: z.array(z.looseObject({
      ...{ name: z.string(), when: z.string().nullable(), hits: count, failures: count },
      ...{ lastHitAt: timeOrNull, isNeverHit: z.boolean() },
    })),
    otherwise: count,
    undecided: count,
  }),
  "GET /config": z.looseObject({
    file: z.string(),
    text: z.string().nullable().meta({ description: "The file with its secrets hidden." }),
    fingerprint: z.string().nullable(),
    servedSince: time,
    mistakes,
    warnings: mistakes,
  }),
  "GET /keys": z.looseObject({
    keys: z.array(z.looseObject({
      ...{ endpoint: z.string(), kind: z.string(), scheme: z.string(), place: z.int() },
      ...{ fingerprint: z.string(), lastUsedAt: timeOrNull },
      lookedBackTo: timeOrNull.meta({
        description:
          "Back to when its last use was looked for, where there is more to look through.",
      }),
    })),
  }),
  "GET /doctor": z.looseObject({ endpoints }),
  "POST /doctor": z.looseObject({
    ...{ endpoint: z.string(), matches: z.boolean(), verifiedBy: z.string().nullable() },
    finding: finding.nullable(),
  }),
  "GET /audit": z.looseObject({
    entries: z.array(z.looseObject({
      ...{ seq: z.int(), at: time, who: z.string(), by: z.string(), address: z.string() },
      ...{ action: z.string(), target: z.string(), result: z.string() },
    })),
    next,
  }),
  "GET /me": z.looseObject({ name: z.string(), role: z.enum(ROLES), by: z.string() }),
};
