/** What the uStore webhooks share: settings, outcomes, and how uStore sends. */
import * as z from "zod";
import {
  importKey,
  SIGNATURE_HEADER,
  signBytes,
  verifySignature,
} from "../../lib/auth/x_signature.ts";
import type { OpenContext, ServiceReference } from "../../lib/config/endpoints/endpoint_kind.ts";
import type { ConfigPath } from "../../lib/config/mistake.ts";
import type { Sender } from "../handler.ts";
import { Problem } from "../../lib/http/problem/problem.ts";

/** The keys of which any verifies a request. */
export const signatureKeys = z.array(
  z.string().min(1).regex(/\S/, "wanted a key, found white space alone"),
).min(1).meta({
  description: "The signature keys of the store. Any of them verifies a request; the answer is " +
    "signed with the one that did. Several are active while a key is changed.",
});

/** Ids are `int` columns of the store's database. */
export const LARGEST_ID = 2_147_483_647;

/** An id of uStore: a group, a manufacturer. */
export const id = z.int().min(0).max(LARGEST_ID);

const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const text = z.string().min(1);

/** The text of a refusal, or texts by language. */
export const message = z.union([
  text,
  z.record(z.string().regex(LANGUAGE, "wanted a language code such as en or de-AT"), text)
    .refine((texts) => Object.keys(texts).length > 0, "wanted at least one language"),
]).meta({
  description: 'The message to the shopper, or messages by language: {"en": …, "de": …}.',
});

/** An outcome that refuses the order. */
export const reject = z.strictObject({
  reject: message.meta({ description: "Refuse with a 400 and this message." }),
});

/**
 * A list of rules: the first whose expression is true gives the outcome.
 *
 * @param then The outcomes that the kind knows.
 */
export function rulesOf<Outcome extends z.ZodType>(then: Outcome) {
  const name = z.string().min(1).meta({
    description: "Shown wherever the decision is explained.",
  });
  return z.array(z.union([
    z.strictObject({
      name,
      when: z.string().min(1).meta({ description: "A CEL expression over what rules see." }),
      then: then.meta({ description: "The outcome when the expression is true." }),
    }),
    z.strictObject({
      name,
      table: z.string().min(1).meta({
        description: "The name of a table of the config: its rows are tried as rules are.",
      }),
    }),
  ])).default([]).meta({ description: "Tried in order; the first match decides." });
}

/**
 * Makes what judges the answer to a sample.
 *
 * @param shape The shape that uStore wants.
 * @returns Says what is wrong with an answer; `undefined` when nothing is.
 */
export function checkBy(shape: z.ZodType): (answer: unknown) => string | undefined {
  return (answer) => {
    const { error } = shape.safeParse(answer);
    return error === undefined ? undefined : z.prettifyError(error);
  };
}

/** Sends as uStore's .NET client does. */
export const ustoreSender: Sender = {
  key: "the signature key, exactly as the store has it",
  status: 200,
  async prepare({ url, body, key, language }) {
    return {
      url,
      headers: {
        "Content-Type": "application/json; charset=utf-8",
        [SIGNATURE_HEADER]: await signBytes(await importKey(key), body),
        "Accept-Language": language,
        "Expect": "100-continue",
      },
    };
  },
  async verify(headers, body, key) {
    const signature = headers.get(SIGNATURE_HEADER);
    if (signature === null) return "missing";
    return await verifySignature(await importKey(key), signature, body) ? "verified" : "wrong";
  },
  newKey: () => crypto.randomUUID(),
  settings: (key) => ({ signatureKeys: [key] }),
};

/** The outcome that leaves the decision to a service. */
export const askOutcome = z.strictObject({
  ask: z.string().min(1).meta({
    description: "The name of a service of the config: its answer decides.",
  }),
});

/** The services that an endpoint asks, by name. */
export type ServiceReferences<Outcome> = ReadonlyMap<string, ServiceReference<Outcome>>;

/** The outcomes of an endpoint, as its settings hold them. */
export interface OutcomeSettings {
  readonly rules: readonly ({ readonly then: object } | { readonly table: string })[];
  /** Those of the rows of its tables. */
  readonly rows: readonly PlacedOutcome[];
  readonly otherwise?: object | undefined;
}

/** An outcome, and where it stands below the endpoint. */
export interface PlacedOutcome {
  readonly at: ConfigPath;
  readonly outcome: object;
}

const fallback = z.object({ otherwise: z.looseObject({}) });

/**
 * Lists an outcome and the one within it that takes its place where the order says nothing:
 * `{ "customConfig": { "otherwise": … } }`.
 *
 * @param placed The outcome.
 * @returns One or two.
 */
function withFallback({ at, outcome }: PlacedOutcome): readonly PlacedOutcome[] {
  const inside = Object.entries(outcome).flatMap(([name, value]) => {
    const { data } = fallback.safeParse(value);
    return data === undefined ? [] : { at: [...at, name, "otherwise"], outcome: data.otherwise };
  });
  return [{ at, outcome }, ...inside];
}

/**
 * Lists all outcomes of an endpoint, those within others too.
 *
 * @param settings The outcomes.
 */
export function outcomesOf({ rules, rows, otherwise }: OutcomeSettings): readonly PlacedOutcome[] {
  return [
    ...rules.flatMap((rule, index) =>
      "then" in rule ? [{ at: ["rules", index, "then"], outcome: rule.then }] : []
    ),
    ...rows,
    ...(otherwise === undefined ? [] : [{ at: ["otherwise"], outcome: otherwise }]),
  ].flatMap(withFallback);
}

/**
 * Lists the outcomes that may take the place of a service's answer.
 *
 * @param reference The service.
 */
export function failureOutcomesOf(
  { onFailure }: Pick<ServiceReference<object>, "onFailure">,
): readonly PlacedOutcome[] {
  return onFailure === undefined ? [] : withFallback({ at: [], outcome: onFailure });
}

/**
 * Notes what outcomes mean that leave the decision to a text of the order which may be missing.
 *
 * @param settings The outcomes.
 * @param context Where notes go.
 * @param name The outcome: `customConfig`, `customConfiguration`.
 * @param example An outcome that could take its place.
 */
export function noteMissingFallback(
  settings: OutcomeSettings,
  { note }: Pick<OpenContext, "note">,
  name: "customConfig" | "customConfiguration",
  example: object,
): void {
  const field = name === "customConfig" ? "CustomConfig" : "CustomConfiguration";
  const cure = JSON.stringify({ [name]: { otherwise: example } }).replaceAll(
    /[:{]|}/g,
    (sign) => sign === "}" ? " }" : `${sign} `,
  );
  for (const { at, outcome } of outcomesOf(settings)) {
    if (!(name in outcome) || Reflect.get(outcome, name) !== true) continue;
    const message = `an order whose ${field} is empty is refused with a 400`;
    note([...at, name], message, `To answer it as well: ${cure}`);
  }
}

/**
 * Finds the services that the outcomes of an endpoint ask. What is wrong with a name, or with the
 * service's own `onFailure`, is reported.
 *
 * @param settings The outcomes.
 * @param context The config around the endpoint.
 * @param onFailure The outcomes that may take the place of an answer.
 * @returns The services, each once.
 */
export function findServiceReferences<Outcome>(
  settings: OutcomeSettings,
  context: OpenContext,
  onFailure: z.ZodType<Outcome>,
): ServiceReferences<Outcome> {
  const references = new Map<string, ServiceReference<Outcome>>();
  for (const { at, outcome } of outcomesOf(settings)) {
    const { data } = askOutcome.safeParse(outcome);
    if (data === undefined || references.has(data.ask)) continue;
    const reference = context.service(data.ask, [...at, "ask"], onFailure);
    if (reference !== undefined) references.set(data.ask, reference);
  }
  return references;
}

/**
 * The service of an outcome that asks one.
 *
 * @param references The services that the endpoint asks.
 * @param name Its name.
 * @throws {RangeError} When the endpoint was opened in spite of a mistake.
 */
export function needServiceReference<Outcome>(
  references: ServiceReferences<Outcome>,
  name: string,
): ServiceReference<Outcome> {
  const reference = references.get(name);
  if (reference === undefined) throw new RangeError(`Cannot ask "${name}": it is no service`);
  return reference;
}

/**
 * Makes the problem of a CustomConfig that cannot be read.
 *
 * @param value The string.
 * @param example One that could be.
 */
export function unreadableConfiguration(value: string, example: string): Problem {
  const params = { value: value || "-", example };
  return new Problem("unreadable_custom_configuration", { params });
}
