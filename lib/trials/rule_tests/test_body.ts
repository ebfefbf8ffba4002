/** The document of a test: a sample, a file or a recorded delivery, with what the test changes. */
import { resolve } from "@std/path";
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { ConfigPath, Mistake } from "../../config/mistake.ts";
import { oneOfInWords } from "../../config/messages/phrases.ts";
import type { StoredDelivery } from "../../journal/delivery.ts";
import { describeReadFailure } from "../../util/files.ts";
import { parseExactJson } from "../../util/json_text.ts";
import { nearest } from "../../util/words.ts";
import {
  changeByPlace,
  type ChangeTrouble,
  copyDocument,
  parseFieldPath,
} from "./change_document.ts";
import type { TestPlaces } from "./load.ts";
import type { RuleTestSettings } from "./schema.ts";

/** Which document a test means. */
export interface DocumentSource {
  readonly order: RuleTestSettings["order"];
  /** When it was made. */
  readonly at: string | undefined;
  /** The kind of the endpoint. */
  readonly kind: string;
  readonly kinds: readonly EndpointKind[];
}

/** The bytes that a test decides. */
interface TestBody {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly delivery?: StoredDelivery;
  /** Why there are none, for no fault of the test. */
  readonly skipped?: string;
}

/** What is wrong, and where below the test. */
type PlacedTrouble = Pick<Mistake, "message" | "hint"> & { readonly at: ConfigPath };

/** Where documents are read. */
interface BodyTools extends Pick<TestPlaces, "readFile" | "findDelivery"> {
  /** Where relative paths of files start. */
  readonly folder: string;
}

const encoder = new TextEncoder();

/**
 * Makes the body of a test.
 *
 * @param source Which document it means.
 * @param tools Where documents are read.
 * @returns The bytes, or what is wrong. Without a change they are those of the file or the delivery.
 */
export async function readTestBody(
  source: DocumentSource,
  tools: BodyTools,
): Promise<TestBody | PlacedTrouble> {
  const read = await readDocument(source, tools);
  if ("message" in read) return read;
  const { order: { change = {} }, at } = source;
  if (read.skipped !== undefined || (Object.keys(change).length === 0 && at === undefined)) {
    return read;
  }
  let document: unknown;
  try {
    document = copyDocument(parseExactJson(new TextDecoder().decode(read.body)));
  } catch {
    return { at: ["order"], message: "found no JSON that could be changed" };
  }
  const trouble = changeAll(document, source);
  return trouble ?? { ...read, body: encoder.encode(JSON.stringify(document)) };
}

const SOURCES = ["sample", "file", "delivery", "document"] as const;

async function readDocument(
  { order, kind, kinds }: DocumentSource,
  { readFile, findDelivery, folder }: BodyTools,
): Promise<TestBody | PlacedTrouble> {
  const given = SOURCES.filter((name) => order[name] !== undefined);
  if (given.length > 1) {
    const both = given.map((name) => JSON.stringify(name)).join(" beside ");
    return { at: ["order"], message: `found ${both}, wanted only one of the two` };
  }
  if (order.file !== undefined) {
    const at = ["order", "file"];
    try {
      return { body: new Uint8Array(await readFile(resolve(folder, order.file))) };
    } catch (error) {
      const name = JSON.stringify(order.file);
      return { at, message: `Cannot read ${name}: ${describeReadFailure(error)}` };
    }
  }
  if (order.delivery !== undefined) return await readRecorded(order.delivery, findDelivery);
  if (order.document !== undefined) {
    return { body: encoder.encode(JSON.stringify(order.document)) };
  }
  const found = kinds.find((one) => one.kind === (order.sample ?? kind));
  if (found?.sample !== undefined) {
    return { body: encoder.encode(JSON.stringify(found.sample.request)) };
  }
  const names = kinds.flatMap((one) => one.sample === undefined ? [] : one.kind);
  const near = nearest(order.sample ?? kind, names);
  return {
    at: ["order", "sample"],
    message: `found ${JSON.stringify(order.sample ?? kind)}, wanted ${oneOfInWords(names)}`,
    ...(near !== undefined && { hint: `Did you mean ${JSON.stringify(near)}?` }),
  };
}

async function readRecorded(
  id: string,
  find: BodyTools["findDelivery"],
): Promise<TestBody> {
  const nothing = new Uint8Array();
  const delivery = await find?.(id);
  const why = find === undefined
    ? "no journal is at hand"
    : delivery === undefined
    ? `the journal has no delivery ${id}: keep it with "test pin" while it has`
    : delivery.erasedAt !== null
    ? `the delivery ${id} was erased`
    : delivery.bodyBytes > delivery.body.length
    ? `of the delivery ${id} only a part was kept`
    : undefined;
  if (delivery === undefined || why !== undefined) {
    return { body: nothing, skipped: why ?? "there is no journal" };
  }
  return { body: delivery.body, delivery };
}

/** One after the other: a change may need what one before it has made. */
function changeAll(
  document: unknown,
  { order: { change = {} }, at, kind: ofEndpoint, kinds }: DocumentSource,
): PlacedTrouble | undefined {
  const kind = kinds.find((one) => one.kind === ofEndpoint);
  if (at !== undefined) {
    const { timeField, change } = kind ?? {};
    if (timeField === undefined || change === undefined) {
      return { at: ["at"], message: `found a time, while rules of ${ofEndpoint} read none` };
    }
    const time = at.includes("T") ? at : `${at}T00:00`;
    const trouble = change(document, parseFieldPath(timeField) ?? [], time);
    if (trouble !== undefined) return { ...trouble, at: ["at"] };
  }
  for (const [name, value] of Object.entries(change)) {
    const trouble = changeOne(document, name, value, kind);
    if (trouble !== undefined) return { ...trouble, at: ["order", "change", name] };
  }
  return undefined;
}

function changeOne(
  document: unknown,
  name: string,
  value: unknown,
  kind: EndpointKind | undefined,
): ChangeTrouble | undefined {
  const path = parseFieldPath(name);
  if (path === undefined) {
    return {
      message: `found ${JSON.stringify(name)}, wanted the name of a field`,
      hint: "Write it as rules do: order.items[0].product.name",
    };
  }
  // For what no rule reads, and for what rules read otherwise.
  if (path[0] === "document" && path.length > 1) {
    return changeByPlace(document, path.slice(1), value);
  }
  return (kind?.change ?? changeByPlace)(document, path, value);
}
