/** A recorded delivery becomes a test that can be shown to anybody. */
import type { Endpoint } from "../../http/endpoint.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { mentionTest } from "../../journal/mentions.ts";
import type { Decision, RuleText } from "../../rules/decision.ts";
import { isExactNumber, parseExactJson } from "../../util/json_text.ts";
import { recordedReplies, repliesInTest } from "../backtest/again.ts";
import { decideBody, type Decided } from "../decide_body.ts";
import { createPseudonyms, type Keep, type PersonalPlace } from "./pseudonyms.ts";
import type { SaidInTest } from "./schema.ts";

/** A test made of a delivery. */
export interface PinnedTest {
  /** The test, as it stands in a file. */
  readonly test: {
    readonly name: string;
    readonly endpoint: string;
    readonly language?: string;
    readonly order: { readonly document: unknown };
    readonly services?: Readonly<Record<string, SaidInTest>>;
    readonly expect: Readonly<Record<string, unknown>>;
  };
  /** What could not be replaced without another decision, e.g. `Order.User.Email`. */
  readonly kept: readonly PersonalPlace[];
  /** Whether it is decided otherwise now than it was then. */
  readonly isOther: boolean;
}

/** What is pinned, and how. */
export interface PinOptions {
  readonly delivery: StoredDelivery;
  /** The endpoint that decides it now. */
  readonly endpoint: Endpoint;
  readonly name: string;
  /** Places that stay as they are. */
  readonly keep: readonly string[];
}

const ATTEMPTS = 5;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Makes a test of a recorded delivery, by the rules as they are now. What it says of a person is
 * replaced as far as that changes no decision.
 *
 * @param options What is pinned, and how.
 * @returns The test; `kept` says what would have to stay in it.
 * @throws {SyntaxError} When the body is no JSON.
 */
export async function pinDelivery(options: PinOptions): Promise<PinnedTest> {
  const { delivery, endpoint, name, keep: wanted } = options;
  const document = parseExactJson(decoder.decode(delivery.body));
  const decide = (body: Uint8Array<ArrayBuffer>) => decideForPin(delivery, endpoint, body);
  const original = await decide(delivery.body);
  const literals = literalsOf(endpoint.rules, original.decisions);
  let pseudonyms = createPseudonyms(literals);
  const keeping = new Map<string, Keep>(wanted.map((group) => [group, "all"]));
  const replaced = () =>
    pseudonyms.replaceIn(document, ({ group }) => keeping.get(group) ?? "nothing");
  const isSame = async (candidate: unknown) =>
    essenceOf(await decide(bytesOf(candidate))) === essenceOf(original);
  let isFound = await isSame(replaced());
  // What is made up may be what a rule looks for, such as a postal code: then something else is.
  for (let attempt = 1; !isFound && attempt < ATTEMPTS; attempt++) {
    pseudonyms = createPseudonyms(literals);
    isFound = await isSame(replaced());
  }
  const kept: PersonalPlace[] = [];
  if (!isFound) {
    const places = pseudonyms.placesOf(document).filter(({ group }) => !wanted.includes(group));
    // All of it stays at first, and goes place by place, as far as the decision stays.
    for (const { group } of places) keeping.set(group, "all");
    for (const place of places) {
      for (const level of ["nothing", "domain", "all"] as const) {
        keeping.set(place.group, level);
        if (level === "all") kept.push(place);
        else if (await isSame(replaced())) break;
      }
    }
  }
  const pinned = withoutMentions(replaced(), document, keeping);
  const decided = await decide(bytesOf(pinned));
  const services = repliesInTest(delivery.decisions);
  const language = delivery.headers.find(([header]) => header === "accept-language")?.[1];
  const [first = ""] = (language ?? "").split(/[,;]/);
  return {
    test: {
      name,
      endpoint: delivery.endpoint,
      ...(/^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i.test(first) && { language: first }),
      order: { document: pinned },
      ...(Object.keys(services).length > 0 && { services }),
      expect: expectationOf(decided, endpoint),
    },
    kept,
    isOther: essenceOf(original) !==
      essenceOf({ status: delivery.status, decisions: delivery.decisions }),
  };
}

/**
 * Names the test of a delivery.
 *
 * @param delivery The delivery.
 * @returns A name that says what decided, and when.
 */
export function nameOfPinned(
  { receivedAt, decisions }: Pick<StoredDelivery, "receivedAt" | "decisions">,
): string {
  const day = new Date(receivedAt).toISOString().slice(0, 10);
  const rule = decisions[0]?.rule;
  const what = rule == null ? "a delivery" : `"${rule}" decides an order`;
  return `pinned: ${what} of ${day}`.slice(0, LONGEST_NAME);
}

/** What a test may be called. */
const LONGEST_NAME = 200;

function bytesOf(document: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(document));
}

async function decideForPin(
  delivery: StoredDelivery,
  endpoint: Endpoint,
  body: Uint8Array<ArrayBuffer>,
): Promise<Decided> {
  return await decideBody(endpoint, body, {
    language: undefined,
    requestId: "test",
    ask: recordedReplies(delivery),
    exportOf: () => Promise.resolve({ externalId: MADE_UP, token: MADE_UP }),
  });
}

/** Stands for what each export has of its own. */
const MADE_UP = "test-id";

/** What has to stay: by which rules what was decided. */
function essenceOf({ status, decisions }: Pick<Decided, "status" | "decisions">): string {
  const parts = decisions.map(({ subject, rule, row, outcome, failures, asked }) => [
    subject,
    row === undefined ? rule : [row.rule, row.cells],
    outcome,
    failures.map((failure) => failure.rule),
    asked?.service,
    asked?.said,
  ]);
  return JSON.stringify([status, parts]);
}

const LITERAL = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g;

/** Texts that stand in conditions and in the cells of rows: they are the config's, and no person's. */
function literalsOf(
  rules: readonly RuleText[],
  decisions: readonly Decision[],
): readonly string[] {
  const texts = rules.flatMap(({ when = "" }) =>
    [...when.matchAll(LITERAL)].map(([, single, double]) => single ?? double ?? "")
  );
  const cells = decisions.flatMap(({ row }) => Object.values(row?.cells ?? {}))
    .flatMap((cell) => cell.split("|")).map((cell) => cell.replaceAll(/^[\s!~]+|[\s*]+$/g, ""));
  return [...texts, ...cells];
}

/** What names an address in another way than as text goes whole. */
function withoutMentions(
  pinned: unknown,
  document: unknown,
  keeping: ReadonlyMap<string, Keep>,
): unknown {
  const keepsAny = keeping.values().some((level) => level === "all");
  const addresses = new Set(
    JSON.stringify(document).match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g)?.slice(0, MOST_ADDRESSES),
  );
  if (keepsAny || addresses.size === 0) return pinned;
  const tests = [...addresses].flatMap((address) => isAddress(address) ? mentionTest(address) : []);
  const clear = (value: unknown): unknown => {
    if (typeof value === "string") return tests.some((names) => names(value)) ? "" : value;
    if (typeof value !== "object" || value === null || isExactNumber(value)) return value;
    if (Array.isArray(value)) return value.map(clear);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, clear(one)]));
  };
  return clear(pinned);
}

function isAddress(text: string): boolean {
  try {
    mentionTest(text);
    return true;
  } catch {
    return false;
  }
}

const MOST_ADDRESSES = 20;
/** Of more items each by itself is read by nobody. */
const MOST_ITEMS = 50;

function expectationOf(
  { status, body, decisions, events = [] }: Decided,
  endpoint: Endpoint,
): Readonly<Record<string, unknown>> {
  const whole = decisions.filter(({ subject }) => subject === undefined);
  const items = decisions.filter(({ subject }) => subject !== undefined);
  const [only] = whole;
  const text = decoder.decode(body);
  const asks = status === null ? askedBy(decisions) : undefined;
  return {
    ...(only !== undefined && { rule: ruleOf(only) }),
    ...(items.length > 0 && items.length <= MOST_ITEMS && {
      items: Object.fromEntries(items.map((item) => [
        item.subject,
        { rule: ruleOf(item), ...(item.outcome !== null && { outcome: item.outcome }) },
      ])),
    }),
    ...(status !== null && status !== 200 && { status }),
    // A name that each export has of its own is none that could be expected.
    ...(status === 200 && !text.includes(MADE_UP) && { answer: parseExactJson(text) }),
    ...(asks !== undefined && { asks }),
    ...(endpoint.ingestion !== undefined && {
      events: events.map((event) => ({
        type: event.type,
        subject: event.subject,
        forwards: endpoint.weighForwards(event).flatMap(({ destination, goes }) =>
          goes ? [destination] : []
        ),
      })),
    }),
  };
}

/** Of a table the whole of it: a row that is put above another moves that one. */
function ruleOf({ rule, row }: Decision): string | null {
  return row?.rule ?? rule;
}

function askedBy(decisions: readonly Decision[]): string | undefined {
  for (const { outcome } of decisions) {
    if (outcome !== null && "ask" in outcome && typeof outcome.ask === "string") return outcome.ask;
  }
  return undefined;
}
