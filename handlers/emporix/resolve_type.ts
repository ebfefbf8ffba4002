/** What type an event of Emporix has: its body does not say so. */
import { describeMismatches } from "../../lib/events/mismatches.ts";
import { prefixOf } from "../../lib/http/request.ts";
import { cartSchemas } from "./cart.ts";
import { CART_EVENT_TYPES, readEventType, readKnownEventType } from "./event_type.ts";

/** Where an event type may be said: the settings of an endpoint. */
export interface EventTypeSettings {
  /** The endpoint's path: the event type may stand in the segment below it. */
  readonly endpointPath: string;
  /** A header that the admin lets Emporix send, holding the event type. */
  readonly typeHeader?: string | undefined;
}

/** A delivery, as far as its event type is concerned. */
export interface TypeSources {
  readonly url: URL;
  readonly headers: Headers;
  readonly settings: EventTypeSettings;
  /** The parsed body. */
  readonly document: unknown;
}

/** What is known of an event's type. */
export interface ResolvedType {
  /** The type; `""` where nothing says it. */
  readonly type: string;
  /** The types whose schema fits, where nothing says the type. */
  readonly candidates: readonly string[];
  /** The member of the body that is the event; `undefined` when the body itself is. */
  readonly member: string | undefined;
  readonly warnings: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Finds out what type an event has. The body of a cart event does not say it, so what was
 * configured is asked, in this order: the URL (`…/cart.created`, then `?event=cart.created`), the
 * configured header, a wrapper around the event. The event's own field `type` is never asked: it
 * is payload.
 *
 * @param sources The delivery.
 * @returns The type, or the candidates.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const resolved = resolveEventType({
 *   url: new URL("https://hooks.example/emporix/CART.CREATED"),
 *   headers: new Headers(),
 *   settings: { endpointPath: "/emporix" },
 *   document: { id: "5c9a" },
 * });
 * assertEquals(resolved, { type: "cart.created", candidates: [], member: undefined, warnings: [] });
 * ```
 */
export function resolveEventType(sources: TypeSources): ResolvedType {
  const { document } = sources;
  const warnings: string[] = [];
  const said = saidType(sources, warnings);
  const wrapper = wrapperOf(document);
  const type = said ?? wrapper?.type ?? "";
  if (said !== undefined && wrapper !== undefined && said !== wrapper.type) {
    warnings.push(`the delivery says ${said}, the wrapper says ${wrapper.type}`);
  }
  if (type !== "") return { type, candidates: [], member: wrapper?.member, warnings };
  warnings.push("no event type in the URL, a header or a wrapper");
  return { type, candidates: candidatesOf(document), member: undefined, warnings };
}

/** The type by URL or header: the first that is one. */
function saidType(
  { url, headers, settings }: TypeSources,
  warnings: string[],
): string | undefined {
  const { endpointPath, typeHeader } = settings;
  const places = [
    { place: "the path below the endpoint", text: segmentBelow(url.pathname, endpointPath) },
    { place: "the query's event", text: url.searchParams.get("event") ?? "" },
    {
      place: `the header ${typeHeader}`,
      text: typeHeader === undefined ? "" : headers.get(typeHeader) ?? "",
    },
  ];
  for (const { place, text } of places) {
    if (text === "") continue;
    const type = readEventType(text);
    if (type !== undefined) return type;
    // Not quoted: whoever puts a secret into the URL must not find it in a warning.
    warnings.push(`${place} is no event type`);
  }
  return undefined;
}

function segmentBelow(path: string, endpointPath: string): string {
  const prefix = prefixOf(endpointPath);
  if (!path.startsWith(prefix)) return "";
  const below = path.slice(prefix.length);
  const segment = below.endsWith("/") ? below.slice(0, -1) : below;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** `{type|eventType, payload|data}`, when the type is a known name and the payload an object. */
function wrapperOf(document: unknown): { type: string; member: string } | undefined {
  if (!isObject(document)) return undefined;
  const type = readKnownEventType(document.type) ?? readKnownEventType(document.eventType);
  const member = ["payload", "data"].find((name) => isObject(document[name]));
  return type === undefined || member === undefined ? undefined : { type, member };
}

/**
 * The types whose schema fits best. As any field may be missing and any added, every schema fits
 * in theory: so it must know most of the root fields, and no other may know more of them.
 */
function candidatesOf(document: unknown): readonly string[] {
  if (!isObject(document)) return [];
  const names = Object.keys(document);
  const fitting = CART_EVENT_TYPES.map((type) => {
    const schema = cartSchemas[type];
    const known = names.filter((name) => Object.hasOwn(schema.shape, name)).length;
    const fits = 2 * known > names.length && describeMismatches(schema, document).length === 0;
    return { type, known: fits ? known : 0 };
  });
  const most = Math.max(...fitting.map(({ known }) => known));
  return most === 0 ? [] : fitting.filter(({ known }) => known === most).map(({ type }) => type);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
