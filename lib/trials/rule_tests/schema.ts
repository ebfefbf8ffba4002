/** What may stand in a file of rule tests: the one place for its keys and their descriptions. */
import * as z from "zod";
import { parseTime } from "../../util/time_zone.ts";

/** Changes of a document, by the names of fields. */
const changes = z.record(z.string().min(1), z.unknown()).meta({
  description: "What differs, in the words of the rules: `order.total`, " +
    "`order.items[0].product.type`, `item.quantity` for every item; `null` for nothing.",
});

/** Where the document of a test comes from. */
export const orderSource = z.strictObject({
  sample: z.string().min(1).optional().meta({
    description: "The kind whose sample it is; that of the endpoint unless given.",
  }),
  file: z.string().min(1).optional().meta({
    description: "A file with the document, from the folder of the test's file on.",
  }),
  delivery: z.string().regex(
    /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
    "wanted the whole id of a delivery, as `storehook deliveries show` prints it",
  ).optional().meta({
    description: "The id of a recorded delivery. It is skipped once the journal has it no more.",
  }),
  document: z.unknown().optional().meta({ description: "The document itself." }),
  change: changes.optional(),
});

const outcome = z.record(z.string(), z.unknown()).meta({
  description: "The outcome, as rules write it behind `then`, or a part of it.",
});

const ruleName = z.string().min(1).nullable().meta({
  description: "The name of the rule that decides, `otherwise`, or `null` when nothing does. " +
    "Of a table its name, or the row: `plants.csv line 14`.",
});

const ofItem = z.strictObject({ rule: ruleName.optional(), outcome: outcome.optional() });

/** What a test wants of one item. */
export type WantedOfItem = z.output<typeof ofItem>;

const ofEvent = z.strictObject({
  type: z.string().optional(),
  subject: z.string().optional(),
  forwards: z.array(z.string()).optional().meta({ description: "The destinations it goes to." }),
});

/** What a test wants of one event. */
export type WantedOfEvent = z.output<typeof ofEvent>;

/** What a test wants. */
export const expectation = z.strictObject({
  rule: ruleName.optional(),
  outcome: outcome.optional(),
  answer: z.unknown().optional().meta({ description: "The answer, or a part of it." }),
  status: z.int().min(200).max(599).optional().meta({ description: "The status of the answer." }),
  asks: z.string().min(1).optional().meta({
    description: "The service that would be asked; the test says nothing of its answer then.",
  }),
  items: z.union([z.array(ofItem), z.record(z.string(), ofItem)]).optional().meta({
    description: "Of each item, in their order, or of some, by their ids.",
  }),
  events: z.array(ofEvent).optional().meta({ description: "Of each event, in their order." }),
  forwards: z.array(z.string()).optional().meta({
    description: "The destinations that get something, in any order.",
  }),
}).refine((wanted) => Object.keys(wanted).length > 0, "wanted something that is expected");

/** What a test wants, read. */
export type Expectation = z.output<typeof expectation>;

const said = z.strictObject({
  answer: z.unknown().optional().meta({ description: "The document with which it answers." }),
  refusal: z.string().min(1).optional().meta({ description: "The message of its refusal." }),
  failure: z.union([z.literal(true), z.string().min(1)]).optional().meta({
    description: "It gives no answer: `true`, or why.",
  }),
}).refine(
  (one) => Object.keys(one).length === 1,
  "wanted one of answer, refusal and failure",
);

/** What a service says in a test. */
export type SaidInTest = z.output<typeof said>;

/** One test. */
export const ruleTest = z.strictObject({
  name: z.string().trim().min(1, "wanted a few words that say what is tested").max(200).optional()
    .meta({ description: "What is tested, in a few words." }),
  endpoint: z.string().regex(
    /^\//,
    "wanted the path of an endpoint, such as /ustore/order-approval",
  )
    .optional().meta({
      description: "The path of the endpoint; it may be left out where only one fits.",
    }),
  order: orderSource.default({}).meta({ description: "The document that is decided." }),
  at: z.string().regex(
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?$/,
    "wanted a local time of the store, such as 2026-07-14T09:30",
  ).refine((time) => parseTime(time, "UTC") !== undefined, "wanted a time that there is").optional()
    .meta({ description: "When the order was made, in local time of the store." }),
  language: z.string().regex(/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i, "wanted a code such as de-AT")
    .default("en").meta({ description: "The shopper's language, for messages." }),
  services: z.record(z.string(), said).default({}).meta({
    description: "What services answer, by their names: none is really asked.",
  }),
  expect: expectation.meta({ description: "What has to come of it." }),
});

/** One test, read. */
export type RuleTestSettings = z.output<typeof ruleTest>;

/** A file of tests that share an endpoint. */
export const ruleTestFile = z.strictObject({
  $schema: z.string().optional(),
  endpoint: ruleTest.shape.endpoint,
  tests: z.array(z.unknown()),
});

/**
 * Makes the JSON Schema with which editors complete and check a file of tests.
 *
 * @returns The schema, draft 2020-12.
 */
export function ruleTestJsonSchema(): object {
  const file = ruleTestFile.extend({ tests: z.array(ruleTest) });
  return {
    title: "Storehook rule tests",
    ...z.toJSONSchema(z.union([file, z.array(ruleTest), ruleTest]), {
      target: "draft-2020-12",
      io: "input",
      unrepresentable: "any",
    }),
  };
}
