import * as z from "zod";
import { withPathToken } from "../../lib/auth/passwords.ts";
import { parseExactJson } from "../../lib/util/json_text.ts";
import { lazy } from "../../lib/util/memory.ts";
import { inPieces, mapInPieces } from "../../lib/util/waiting.ts";
import { basicAuth, basicHeaders, noAuth, openAuth } from "../event_auth.ts";
import { defineHandler, type Sender } from "../handler.ts";
import { MAX_EVENTS, readUltraCartBody } from "./read_body.ts";
import { ORDER_CREATE_JSON } from "./order_sample.ts";
import { EVENT_NAMES } from "./event_names.ts";

const USERNAME = "ultracart";

/** Sends as UltraCart does: HTTP Basic, and nothing that tells one delivery from another. */
const ultraCartSender: Sender = {
  key: "the user name and the password, user:password",
  status: 204,
  prepare: ({ url, key }) => ({
    url,
    headers: { "Content-Type": "application/json", ...basicHeaders(key) },
  }),
  newKey: () => `${USERNAME}:${crypto.randomUUID()}`,
  settings(key) {
    const colon = key.indexOf(":");
    const [username, password] = [key.slice(0, colon), key.slice(colon + 1)];
    return { auth: { type: "basic", username, password } };
  },
};

/** The vendor's sample, with its numbers as they are written. */
const orderCreate = lazy(() => parseExactJson(ORDER_CREATE_JSON));

const MEBIBYTE = 1_048_576;

/** What goes over the wire, described. */
const delivered = lazy(() => {
  const packed = z.string().regex(/^\s*H4sI/).meta({
    description: "The same, packed: gzip in Base64.",
  });
  const listed = z.array(
    z.record(z.string(), z.unknown()).meta({ description: "Events by their names." }),
  );
  return z.union([listed, z.looseObject({ events: z.union([listed, packed]) }), packed]).meta({
    description: "Events in order. The whole body may be packed by gzip, too.",
  });
});

const settings = z.strictObject({
  auth: z.discriminatedUnion("type", [basicAuth, noAuth]).meta({
    description: "UltraCart knows HTTP Basic; `none` only when it is said in so many words.",
  }),
  pathToken: z.string().regex(/^[\w-]{16,}$/, "wanted at least 16 letters, digits, - or _")
    .optional().meta({
      description:
        "A secret last segment of the URL: /ultracart/TOKEN. Without it nobody is let in.",
    }),
  maxEvents: z.int().min(1).max(1_000_000).default(MAX_EVENTS).meta({
    description: "How many events a delivery may hold. One with more is answered with 413.",
  }),
  maxInflatedBytes: z.int().min(1).default(32 * MEBIBYTE).meta({
    description: "How large compressed events may get, in bytes.",
  }),
});

/** The events of an UltraCart merchant. */
export const ultraCartEventsHandler = defineHandler({
  kind: "ultracart.events",
  summary: "takes in the events of UltraCart",
  settings,
  hasEvents: true,
  isKnownType: (type) => EVENT_NAMES.has(type),
  sample: {
    get request() {
      return orderCreate();
    },
    check: () => "wanted no body",
    sender: ultraCartSender,
  },
  wire: {
    request: delivered,
    below: { name: "token", description: "The endpoint's pathToken, a secret.", needed: true },
  },
  async open({ auth, pathToken, maxInflatedBytes, maxEvents }, context) {
    const opened = await openAuth(auth, context);
    // With the schemas of what is read, which take longest of all to make.
    const { readUltraCartEvent, sliceUltraCartEvents } = await import("./read_events.ts");
    return {
      auth: pathToken === undefined ? opened : withPathToken(opened, context.path, pathToken),
      rules: [],
      ingestion: {
        below: pathToken !== undefined,
        json: false,
      },
      async answer({ body, headers }) {
        const json = await readUltraCartBody(body, headers, { maxInflatedBytes, maxEvents });
        const events = await mapInPieces(
          await inPieces(sliceUltraCartEvents(json)),
          readUltraCartEvent,
        );
        return { result: null, decisions: [], events };
      },
    };
  },
});
