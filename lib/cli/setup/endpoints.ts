/** What `storehook setup` asks of each kind of endpoint, and the text that it writes of it. */
import type { Handler } from "../../../handlers/handler.ts";
import { isObject } from "../../config/mistake.ts";
import { askUntil, type Interviewer, type Taken } from "./interview.ts";

/** The settings of a new endpoint beside its path, kind and key, in the order in which they are written. */
export type Settings = readonly SettingLine[];

/** A setting, and what is said of it. */
interface SettingLine {
  readonly key: string;
  readonly value: unknown;
  readonly comment?: string;
}

const RULES_COMMENT = "The first rule that matches decides: storehook help rules";

/**
 * Asks for what a new endpoint of a kind needs beside its key.
 *
 * @param kind The kind.
 * @param interviewer Who is asked.
 * @returns The settings; none for a kind that needs no more.
 */
export async function askForSettings(kind: string, interviewer: Interviewer): Promise<Settings> {
  switch (kind) {
    case "ustore.order-approval":
      return await askForApproval(interviewer);
    case "ustore.manufacturer":
      return await askForManufacturers(interviewer);
    case "ustore.tax":
      return await askForTax(interviewer);
    case "ustore.cart-export":
      return [
        { key: "externalUrl", value: "{publicUrl}/exports/{token}" },
        {
          key: "redirectUrl",
          value: "",
          comment:
            "A URL here sends the shopper there at once; empty keeps the shopper in the cart.",
        },
      ];
    default:
      return [];
  }
}

/**
 * The question for the group that has to approve orders.
 *
 * @param preset The one that stands there; empty text where none does.
 */
export function groupQuestion(preset: string) {
  return {
    name: "group",
    text: "Group that approves orders, its id in uStore (Enter: by CustomConfig)",
    preset,
  };
}

/**
 * Reads an id of uStore. Whether it may be one is for the schema to say.
 *
 * @param answer What was answered.
 */
export function readId(answer: string): unknown {
  return /^\d{1,15}$/.test(answer) ? Number(answer) : answer;
}

async function askForApproval(interviewer: Interviewer): Promise<Settings> {
  const group = await askUntil(interviewer, groupQuestion(""), (answer): Taken<unknown> => {
    if (answer === "") return { taken: undefined };
    const id = readId(answer);
    return typeof id === "number"
      ? { taken: id }
      : { complaint: `found ${JSON.stringify(answer)}, wanted a whole number such as 10065` };
  });
  if (group === undefined) {
    return [{ key: "rules", value: [], comment: RULES_COMMENT }, {
      key: "otherwise",
      value: { customConfig: { otherwise: { approve: true } } },
      comment: "As the order's CustomConfig says; an order without one is approved at once.",
    }];
  }
  const amount = await askUntil(interviewer, {
    name: "amount",
    text: "Orders above which total need its approval, 0 for every order",
    preset: "0",
  }, readAmount);
  const defaultGroup = {
    key: "defaultGroup",
    value: group,
    comment: "The group in an answer that says no approval is needed.",
  };
  if (Number(amount) === 0) {
    return [defaultGroup, { key: "rules", value: [], comment: RULES_COMMENT }, {
      key: "otherwise",
      value: { group },
      comment: "When no rule matches, this group has to approve the order.",
    }];
  }
  const when = `order.total > ${amount.includes(".") ? amount : `${amount}.0`}`;
  return [
    defaultGroup,
    {
      key: "rules",
      value: [{ name: "large orders", when, then: { group } }],
      comment: RULES_COMMENT,
    },
    {
      key: "otherwise",
      value: { approve: true },
      comment: "When no rule matches, the order is approved at once and nobody is asked.",
    },
  ];
}

/** As the language of rules writes numbers. */
function readAmount(answer: string): Taken<string> {
  if (/^\d{1,12}(?:\.\d{1,4})?$/.test(answer)) return { taken: answer };
  return { complaint: `found ${JSON.stringify(answer)}, wanted an amount such as 500 or 99.50` };
}

async function askForManufacturers(interviewer: Interviewer): Promise<Settings> {
  const manufacturers = await askUntil(interviewer, {
    name: "manufacturers",
    text: "Manufacturers by names of yours and ids in uStore, e.g. hanover=2, dallas=1",
    preset: "",
  }, readPairs);
  return [
    {
      key: "manufacturers",
      value: manufacturers,
      comment: "The ids of your manufacturers in uStore, by names of your own.",
    },
    { key: "rules", value: [], comment: RULES_COMMENT },
    {
      key: "otherwise",
      value: { keep: true },
      comment: "When no rule matches an item, the store's own allocation stays.",
    },
  ];
}

function readPairs(answer: string): Taken<Readonly<Record<string, unknown>>> {
  const parts = answer.split(/[,;]/).map((part) => part.trim()).filter((part) => part !== "");
  const pairs = parts.map((part) => /^(.+?)\s*=\s*(\d{1,10})$/.exec(part));
  const wrong = parts.find((_, index) => pairs[index] === null);
  if (wrong !== undefined) {
    return {
      complaint: `found ${JSON.stringify(wrong)}, wanted a name and an id such as hanover=2`,
    };
  }
  return {
    taken: Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? "", readId(pair?.[2] ?? "")])),
  };
}

async function askForTax(interviewer: Interviewer): Promise<Settings> {
  const percent = await askUntil(interviewer, {
    name: "percent",
    text: "Tax on everything, in percent; rates by country are written later",
    preset: "",
  }, (answer): Taken<number> => {
    if (/^\d{1,4}(?:\.\d{1,6})?$/.test(answer)) return { taken: Number(answer) };
    return { complaint: `found ${JSON.stringify(answer)}, wanted a number such as 19 or 8.25` };
  });
  return [{
    key: "rates",
    value: [{ percent }],
    comment: "The first row that fits an item gives its rate: storehook help tax",
  }];
}

/** A new endpoint. */
export interface NewEndpoint {
  readonly handler: Handler;
  readonly path: string;
  readonly key: string;
  readonly settings: Settings;
}

/**
 * Writes a new endpoint out, with comments.
 *
 * @param endpoint The endpoint.
 * @returns Lines, without indentation of the place where it will stand.
 */
export function writeEndpoint({ handler, path, key, settings }: NewEndpoint): string {
  const { kind, summary, sample } = handler;
  const asked = new Set(settings.map((line) => line.key));
  const keys = Object.entries(sample.sender.settings(key))
    // Some kinds need more than a key to be played.
    .filter(([name]) => !asked.has(name))
    .map(([name, value], index) => ({
      ...{ key: name, value },
      ...(index === 0 ? { comment: keyComment(kind) } : {}),
    }));
  const lines = [{ key: "path", value: path }, { key: "kind", value: kind }, ...keys, ...settings];
  const texts = lines.map((line, index) => {
    const comment = "comment" in line && line.comment !== undefined ? `  // ${line.comment}\n` : "";
    const comma = index === lines.length - 1 ? "" : ",";
    return `${comment}  ${JSON.stringify(line.key)}: ${written(line.value)}${comma}`;
  });
  return `{\n  // ${summary[0]?.toUpperCase()}${summary.slice(1)}.\n${texts.join("\n")}\n}`;
}

function keyComment(kind: string): string {
  return isOfStore(kind)
    ? "Paste the same key into uStore. Two keys may stand here while one is replaced."
    : "The sender has the same.";
}

/**
 * Asks in few words for the key of an endpoint.
 *
 * @param handler Its kind.
 * @param onEnter What an empty answer does.
 */
export function keyText({ kind, sample }: Handler, onEnter: string): string {
  const called = isOfStore(kind) ? "Signature key" : `Key: ${sample.sender.key}`;
  return `${called} (not shown, Enter ${onEnter})`;
}

function isOfStore(kind: string): boolean {
  return kind.startsWith("ustore.");
}

/** JSON in one line, but a list of objects in a line each. */
function written(value: unknown): string {
  if (Array.isArray(value)) {
    if (!value.some(isObject)) return `[${value.map(written).join(", ")}]`;
    return `[\n${value.map((item) => `    ${written(item)}`).join(",\n")}\n  ]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) =>
    `${JSON.stringify(key)}: ${written(item)}`
  );
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}
