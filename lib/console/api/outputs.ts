/** What the routes of the API give, for its description; a test holds it against what they do give. */
import * as z from "zod";
import { ROLES } from "../../journal/console.ts";
import type {
  DisabledDetail,
  ForwardsDetail,
  NotDone,
  PauseDetail,
} from "../../journal/forwards_detail.ts";
import type { PageData } from "../pages/page_data.ts";
import type { ShownConfig, ShownMistake } from "../queries/config.ts";
import type { DestinationHealth } from "../queries/destinations.ts";
import type { ExaminedSignature } from "../queries/doctor.ts";
import type { KeyOfEndpoint } from "../queries/keys.ts";
import type {
  Attention,
  EndpointOverview,
  InstanceOverview,
  Overview,
} from "../queries/overview.ts";
import type { RulesOfEndpoint, RuleWithHits } from "../queries/rules.ts";
import type { ServiceHealth, ShownCall } from "../queries/services.ts";
import type { ServiceTrial } from "../queries/try_service.ts";
import type { JournalFigures } from "../reader/rows.ts";
import type { TrafficOfEndpoint, TrafficSeries } from "../traffic_series.ts";
import { CHANGING_OUTPUTS } from "./changing_outputs.ts";
import { count, described, next, time, timeOrNull } from "./described.ts";
import { finding, forwardCounts, RECORD_OUTPUTS } from "./record_outputs.ts";

const numbers = z.array(count).meta({ description: "One for each of the times." });
const traffic = described<TrafficSeries>({
  span: z.enum(["hour", "day", "month"]),
  stepMs: count,
  times: z.array(time).meta({ description: "When each step begins." }),
  endpoints: z.array(described<TrafficOfEndpoint>({
    ...{ endpoint: z.string(), answered: numbers, refused: numbers, failed: numbers },
  })),
});

const notDoneFields = {
  ...{ waiting: count, failed: count, waitingBytes: count },
  oldestWaitingSeconds: count.nullable(),
};
const notDone = described<NotDone>(notDoneFields);
const disabled = described<DisabledDetail>({
  since: time,
  reason: z.enum(["gone", "failing"]),
});
const pauseFields = { since: time, until: time, status: z.int() };
const figures = described<JournalFigures>({
  ...{ accepted: count, refused: count, exports: count, bytes: count },
  ...{ events: count, withWarnings: count, forwards: forwardCounts },
  notDone: described<ForwardsDetail>({
    ...notDoneFields,
    disabled: z.record(z.string(), disabled),
    paused: z.record(z.string(), described<PauseDetail>(pauseFields)),
    destinations: z.record(z.string(), notDone),
  }),
});

const changed = z.object({ destination: z.string(), changed: z.boolean() });
const changedForwards = z.object({
  forwards: count.meta({ description: "How many." }),
  selection: z.record(z.string(), z.unknown()).optional().meta({
    description: "Only with dryRun: what to send to change exactly these.",
  }),
  enabled: z.string().optional().meta({
    description: "The destination that was disabled, and gets something again.",
  }),
  resumed: z.array(z.string()).optional().meta({
    description: "Destinations whose rest was ended.",
  }),
  disabled: z.array(z.string()).optional().meta({
    description: "Destinations that get nothing until somebody enables them.",
  }),
});
const mistakes = z.array(described<ShownMistake>({
  path: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  message: z.string(),
  hint: z.string().nullable(),
}));
const endpoint = { path: z.string(), kind: z.string(), scheme: z.string() };

/** What each route gives, by its method and path; one that is missing gives no JSON. */
export const OUTPUTS: Readonly<Record<string, z.ZodType>> = {
  ...RECORD_OUTPUTS,
  ...CHANGING_OUTPUTS,
  "GET /overview": described<Overview>({
    version: z.string(),
    startedAt: time,
    now: time,
    ready: z.boolean(),
    attention: z.array(described<Attention>({
      kind: z.string(),
      severity: z.enum(["error", "warning"]),
      subject: z.string(),
      count: count.optional(),
      since: time.optional(),
      text: z.string(),
      href: z.string(),
    })).meta({ description: "What needs a person." }),
    endpoints: z.array(described<EndpointOverview>({
      ...{ endpoint: z.string(), kind: z.string(), lastReceivedAt: timeOrNull },
      ...{ answered: count, refused: count, failed: count },
    })).meta({ description: "With what came in the span that is asked for." }),
    figures,
    traffic,
    instances: z.array(described<InstanceOverview>({
      ...{ host: z.string(), version: z.string(), config: z.string(), startedAt: time },
      ...{ silentSeconds: count, isThis: z.boolean() },
    })).meta({ description: "Those that share the journal; none where it is a file." }),
  }),
  "GET /traffic": traffic,
  "POST /forwards/retry": changedForwards,
  "POST /forwards/resend": changedForwards,
  "POST /forwards/cancel": changedForwards,
  "GET /destinations": z.object({
    destinations: z.array(described<DestinationHealth>({
      name: z.string(),
      type: z.string(),
      target: z.string(),
      state: z.enum(["fine", "failing", "paused", "disabled"]),
      running: count,
      failuresInRow: count,
      failingSince: timeOrNull,
      lastError: z.string().nullable(),
      notDone,
      paused: described<NonNullable<DestinationHealth["paused"]>>({
        ...pauseFields,
        isByHand: z.boolean(),
      }).nullable(),
      disabled: disabled.nullable(),
    })),
  }),
  "POST /destinations/{name}/pause": z.object({ destination: z.string(), until: time }),
  "POST /destinations/{name}/resume": changed,
  "POST /destinations/{name}/enable": changed,
  "POST /destinations/{name}/test": z.object({
    destination: z.string(),
    delivered: z.boolean(),
    status: z.int().nullable(),
    durationMs: z.number(),
    error: z.string().nullable(),
    webhookId: z.string(),
  }),
  "GET /services": z.object({
    services: z.array(described<ServiceHealth>({
      ...{ name: z.string(), url: z.string(), calls: count, failures: count },
      isLeftAlone: z.boolean(),
      lastCalls: z.array(described<ShownCall>({
        ...{ at: time, outcome: z.string(), attempts: count },
        ...{ status: z.int().nullable(), durationMs: z.number() },
      })),
    })),
  }),
  "POST /services/{name}/test": described<ServiceTrial>({
    service: z.string(),
    outcome: z.enum(["answered", "refused", "failed"]),
    status: z.int().nullable(),
    attempts: count,
    durationMs: z.number(),
    failure: z.string().nullable(),
  }),
  "GET /endpoints": z.object({
    endpoints: z.array(z.object({
      ...endpoint,
      rules: count.meta({ description: "How many it has." }),
    })),
  }),
  "GET /rules/{endpoint...}": described<RulesOfEndpoint>({
    endpoint: z.string(),
    kind: z.string(),
    decidesByRules: z.boolean().meta({ description: "Whether its kind does at all." }),
    since: time,
    lookedBackTo: timeOrNull,
    deliveries: count,
    rules: z.array(described<RuleWithHits>({
      ...{ name: z.string(), when: z.string().nullable(), hits: count, failures: count },
      ...{ lastHitAt: timeOrNull, isNeverHit: z.boolean() },
    })),
    otherwise: count,
    undecided: count,
    gone: z.array(z.object({ name: z.string(), hits: count })).meta({
      description: "What decided then and is no rule now.",
    }),
  }),
  "GET /config": described<ShownConfig>({
    file: z.string(),
    text: z.string().nullable().meta({ description: "The file with its secrets hidden." }),
    fingerprint: z.string().nullable(),
    servedSince: time,
    notServed: z.object({ message: z.string(), since: time }).nullable().meta({
      description: "Why the file is not served as it is.",
    }),
    mistakes,
    warnings: mistakes,
  }),
  "GET /keys": z.object({
    keys: z.array(described<KeyOfEndpoint>({
      ...{ endpoint: z.string(), kind: z.string(), scheme: z.string(), place: z.int() },
      ...{ fingerprint: z.string(), lastUsedAt: timeOrNull },
      lookedBackTo: timeOrNull.meta({
        description:
          "Back to when its last use was looked for, where there is more to look through.",
      }),
    })),
  }),
  "GET /doctor": z.object({ endpoints: z.array(z.object(endpoint)) }),
  "POST /doctor": described<ExaminedSignature>({
    ...{ endpoint: z.string(), matches: z.boolean(), verifiedBy: z.string().nullable() },
    finding: finding.nullable(),
  }),
  "GET /audit": z.object({
    entries: z.array(described<PageData["audit"]["entries"][number]>({
      ...{ seq: z.int(), at: time, who: z.string(), by: z.string(), address: z.string() },
      ...{ action: z.string(), target: z.string(), result: z.string() },
    })),
    next,
  }),
  "GET /me": z.object({ name: z.string(), role: z.enum(ROLES), by: z.string() }),
  "GET /openapi.json": z.record(z.string(), z.unknown()),
};
