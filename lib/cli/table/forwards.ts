import type { ForwardState } from "../../forward/outbox.ts";
import type { ChoiceOption, CommandEntry, TextOption } from "../terminal/table.ts";
import {
  BEGINNING_FORM,
  CONFIG,
  FORWARD_STATES,
  JSON_LINE,
  LIST_OPTIONS,
  loadHandlers,
  timeOptions,
  YES,
} from "./shared.ts";

const CHANGED_JSON = { ...JSON_LINE, help: "what was done, as one line of JSON" };
const ID_FORM = `ID is a forward's id or ${BEGINNING_FORM}.`;

const DESTINATION: TextOption = {
  kind: "text",
  name: "destination",
  value: "D",
  help: "only to this destination, by its name in the config",
};

const TIMES = timeOptions("came in");
const IDS = { name: "ID", isRepeated: true, unless: DESTINATION } as const;

function stateOption(states: readonly ForwardState[], note = `: ${states.join(", ")}`) {
  return {
    kind: "one-of",
    name: "state",
    value: "S",
    choices: states,
    help: `only in this state${note}`,
  } as const satisfies ChoiceOption;
}

/** `storehook forwards list`. */
export const forwardsListEntry: CommandEntry = {
  name: "forwards list",
  summary: "what goes to which destination, newest first",
  about: `Lists events on their way to destinations, newest first: what waits, was delivered, failed
after its last attempt or was cancelled. Below stand the destinations that get nothing now: those
that asked for a rest, and until when, and those that are disabled. Works beside a running server.`,
  options: [stateOption(FORWARD_STATES), DESTINATION, ...TIMES, ...LIST_OPTIONS],
  examples: [
    "storehook forwards list --state failed",
    "storehook forwards list --destination erp --since 2h",
  ],
  exits: { 0: "fine", 1: "the journal can't be read", 2: "wrong usage or config" },
  load: async () =>
    (await import("../forwards/forwards.ts")).forwardsListCommand(await loadHandlers()),
};

/** `storehook forwards show`. */
export const forwardsShowEntry: CommandEntry = {
  name: "forwards show",
  summary: "one forward with its attempts",
  about: `Shows where a forward stands, when it is tried next, and what came of each attempt. Works
beside a running server.

ID is the forward's id or ${BEGINNING_FORM}.`,
  words: [{ name: "ID" }],
  options: [CONFIG, JSON_LINE],
  exits: {
    0: "fine",
    1: "there is no such forward or the journal can't be read",
    2: "wrong usage or config",
  },
  load: async () =>
    (await import("../forwards/forwards.ts")).forwardsShowCommand(await loadHandlers()),
};

/** `storehook forwards retry`. */
export const forwardsRetryEntry: CommandEntry = {
  name: "forwards retry",
  summary: "sends again what failed, was cancelled or waits",
  about:
    `Makes forwards due at once. A running server takes them up within about a second; without one
they are made when it starts. Each begins its destination's schedule of attempts anew. What was
delivered is not sent again ("storehook forwards resend" does that), and what was erased can't be.

It ends the rest of a destination that asked for one by Retry-After. With --destination it also
enables a destination that was disabled, so that what waits for it goes there too.

${ID_FORM}`,
  words: [IDS],
  options: [
    stateOption(
      ["failed", "cancelled", "waiting"],
      ": failed (unless another is given), cancelled, waiting",
    ),
    DESTINATION,
    ...TIMES,
    CONFIG,
    CHANGED_JSON,
  ],
  examples: [
    "storehook forwards retry 0198fc2e-4a8b-72ae-a1e9-811f696b0a2d",
    "storehook forwards retry --destination erp --since 3d",
  ],
  exits: {
    0: "fine",
    1: "there is nothing to retry or to enable or the journal can't be written",
    2: "wrong usage or config",
  },
  load: async () =>
    (await import("../forwards/change.ts")).forwardsRetryCommand(await loadHandlers()),
};

/** `storehook forwards resend`. */
export const forwardsResendEntry: CommandEntry = {
  name: "forwards resend",
  summary: "sends again what was delivered",
  about: `Sends again what was delivered, e.g. after the receiver lost it: each as a further forward
of the same event, so that the first one stays in the journal with its attempts. The receiver sees
the same webhook-id as before; one that tells repeats by it leaves them out. What was erased can't
be sent.

With --destination it tells how many on a terminal, and asks.

${ID_FORM}`,
  words: [IDS],
  options: [
    stateOption(["delivered"], ": delivered"),
    DESTINATION,
    ...TIMES,
    YES,
    CONFIG,
    CHANGED_JSON,
  ],
  examples: [
    "storehook forwards resend 0198fc2e-4a8b-72ae-a1e9-811f696b0a2d",
    "storehook forwards resend --destination erp --since 3d --until 1d",
  ],
  exits: {
    0: "fine",
    1: "there is nothing to send again, the answer was no, or the journal can't be written",
    2: "wrong usage or config",
  },
  load: async () =>
    (await import("../forwards/change.ts")).forwardsResendCommand(await loadHandlers()),
};

/** `storehook forwards cancel`. */
export const forwardsCancelEntry: CommandEntry = {
  name: "forwards cancel",
  summary: "calls off what waits or failed",
  about: `Calls off forwards that wait or failed: they are not tried any more, and stay in the
journal. An attempt that a running server has begun comes to its end. "storehook forwards retry"
takes it back.

${ID_FORM}`,
  words: [IDS],
  options: [
    stateOption(["waiting", "failed"], ": waiting or failed; both unless one is given"),
    DESTINATION,
    ...TIMES,
    CONFIG,
    CHANGED_JSON,
  ],
  examples: [
    "storehook forwards cancel 0198fc2e-4a8b-72ae-a1e9-811f696b0a2d",
    "storehook forwards cancel --destination erp --until 2026-07-01",
  ],
  exits: {
    0: "fine",
    1: "there is nothing to cancel or the journal can't be written",
    2: "wrong usage or config",
  },
  load: async () =>
    (await import("../forwards/change.ts")).forwardsCancelCommand(await loadHandlers()),
};

/** `storehook forwards test`. */
export const forwardsTestEntry: CommandEntry = {
  name: "forwards test",
  summary: "hands one test event to a destination, and shows what came of it",
  about:
    `Makes one attempt to hand a test event to a destination of the config, as the server would:
signed, with its headers, its proxy and its time limit. The journal is neither needed nor changed,
and what waits for the destination stays as it is. A folder gets a file as of a real event.

DESTINATION is its name in the config.`,
  words: [{ name: "DESTINATION" }],
  options: [
    {
      kind: "text",
      name: "type",
      value: "T",
      help: "the type of the event",
      preset: "storehook.test",
    },
    {
      kind: "text",
      name: "body",
      value: "FILE",
      isFile: true,
      help: 'its payload, byte by byte; "-" is standard input',
    },
    CONFIG,
    JSON_LINE,
  ],
  examples: [
    "storehook forwards test erp",
    "storehook forwards test erp --type order_create --body order.json",
  ],
  exits: { 0: "it was taken", 1: "it was not", 2: "wrong usage or config" },
  load: async () =>
    (await import("../forwards/try_destination.ts")).forwardsTestCommand(await loadHandlers()),
};
