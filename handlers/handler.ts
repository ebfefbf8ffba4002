import type * as z from "zod";
import type { EndpointKind, OpenContext, Opened } from "../lib/config/endpoints/endpoint_kind.ts";
import type { Wire } from "../lib/openapi/endpoint_paths.ts";
import type { RuleSight } from "../lib/rules/evidence.ts";

/** A request and the answer to it as the vendor's page shows them, to send and to explain with. */
export interface Sample {
  /** The document the platform sends. */
  readonly request: unknown;
  /** Says what is wrong with a 200's body, or `undefined` when it has the platform's shape. */
  readonly check: (answer: unknown) => string | undefined;
  /** How the platform sends it. */
  readonly sender: Sender;
}

/** What people look for in a list of deliveries; what a document does not say is missing. */
export interface DeliveryBrief {
  /** The numbers of the order or the cart, the one that shoppers know first. */
  readonly orders?: readonly string[];
  /** The amount with its currency, e.g. `612.40 USD`. */
  readonly total?: string;
  /** The shopper's e-mail address, or the name. */
  readonly shopper?: string;
  /** What was answered, e.g. `group 10065 must approve`. */
  readonly answer?: string;
  /** The same, for who says it in another language. */
  readonly answered?: BriefAnswer;
}

/** What was answered, in no language. */
export interface BriefAnswer {
  /** Which of the things that answers say. */
  readonly what: "groupApproves" | "approved" | "routed" | "kept" | "taxed" | "exported";
  /** What it says it of, e.g. the group. */
  readonly about?: string;
}

/**
 * Says in short what a delivery was about.
 *
 * @param document The parsed request, of any shape; `undefined` when it is no JSON.
 * @param answer The parsed answer; `undefined` when it is none or no 200.
 * @returns Never throws.
 */
export type Brief = (document: unknown, answer: unknown) => DeliveryBrief;

/** The code of one webhook: what its settings are, and how it answers. */
export interface Handler extends EndpointKind {
  /** A real payload, built into the program. */
  readonly sample: Sample;
  /** What goes over the wire, to be described. */
  readonly wire: Wire;
  /** Absent where events tell what a delivery was about. */
  readonly brief?: Brief;
  /** Whether a type of events is a name that the platform gives, and no text of somebody. */
  readonly isKnownType?: (type: string) => boolean;
}

/** A {@linkcode Handler} whose settings have a type. */
export interface HandlerDefinition<Settings extends z.ZodObject> {
  readonly kind: string;
  readonly summary: string;
  readonly settings: Settings;
  readonly hasEvents?: boolean;
  readonly sight?: RuleSight;
  readonly change?: Handler["change"];
  readonly timeField?: string;
  readonly numbersOf?: Handler["numbersOf"];
  readonly sample: Sample;
  readonly wire: Wire;
  readonly brief?: Brief;
  readonly isKnownType?: Handler["isKnownType"];
  open(settings: z.output<Settings>, context: OpenContext): Opened | Promise<Opened>;
}

/** No code is made for a schema that judges one value. */
const ONCE = { jitless: true };

/**
 * Makes a handler of a definition: settings are parsed by its own schema before it sees them.
 *
 * @param definition The webhook.
 * @returns The same, in the form in which the list of handlers holds it.
 */
export function defineHandler<Settings extends z.ZodObject>(
  definition: HandlerDefinition<Settings>,
): Handler {
  return {
    kind: definition.kind,
    summary: definition.summary,
    settings: definition.settings,
    hasEvents: definition.hasEvents ?? false,
    ...(definition.sight !== undefined && { sight: definition.sight }),
    ...(definition.change !== undefined && { change: definition.change }),
    ...(definition.timeField !== undefined && { timeField: definition.timeField }),
    ...(definition.numbersOf !== undefined && { numbersOf: definition.numbersOf }),
    sample: definition.sample,
    wire: definition.wire,
    ...(definition.brief === undefined ? {} : { brief: definition.brief }),
    ...(definition.isKnownType !== undefined && { isKnownType: definition.isKnownType }),
    open: (settings, context) =>
      definition.open(definition.settings.parse(settings, ONCE), context),
  };
}

/** A document on its way to an endpoint. */
export interface Sending {
  /** The endpoint's address, as it was given. */
  readonly url: string;
  /** The exact bytes that are sent. */
  readonly body: Uint8Array<ArrayBuffer>;
  /** What the platform and the endpoint both know. */
  readonly key: string;
  /** The shopper's culture code, e.g. `en-US`. */
  readonly language: string;
  /** Whether it is the handler's own sample, of which is known what it tells. */
  readonly isSample: boolean;
}

/** What goes with the body. */
export interface Prepared {
  /** The address, with what the platform adds to it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether an answer's signature is that of its bytes by the same key. */
export type AnswerSignature = "verified" | "missing" | "wrong";

/** How a platform sends: what stands in for it makes the same requests. */
export interface Sender {
  /** What a key is, for people. */
  readonly key: string;
  /** The status of a good answer. */
  readonly status: 200 | 204;
  /**
   * Signs a request as the platform does.
   *
   * @throws {RangeError} When the key has the wrong form. The message never holds it.
   */
  prepare(sending: Sending): Prepared | Promise<Prepared>;
  /** Judges an answer's signature; absent where the platform wants none. */
  readonly verify?: (
    headers: Headers,
    body: Uint8Array<ArrayBuffer>,
    key: string,
  ) => AnswerSignature | Promise<AnswerSignature>;
  /** Makes a fresh key. */
  newKey(): string;
  /** The settings of an endpoint that takes what is sent with this key. */
  settings(key: string): Readonly<Record<string, unknown>>;
}
