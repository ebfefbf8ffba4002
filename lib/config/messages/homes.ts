import { destinationSettings } from "../../forward/settings.ts";
import { serviceSettings } from "../../services/service.ts";
import type { EndpointKind } from "../endpoints/endpoint_kind.ts";
import type { Mistake } from "../mistake.ts";
import { configSchema, endpointBase } from "../schema.ts";
import { alternatives, keysOfSchemas } from "./schema_tree.ts";

/**
 * Says of a key that stands at the wrong level, or is called otherwise elsewhere, where it belongs.
 *
 * @param mistake Any mistake.
 * @param kinds The kinds that endpoints may have.
 * @returns The mistake, with a hint where it has none and the key is known.
 */
export function withHome(mistake: Mistake, kinds: readonly EndpointKind[]): Mistake {
  const key = mistake.path.at(-1);
  const isUnknownKey = mistake.message.startsWith("found unknown key ");
  if (mistake.hint !== undefined || !isUnknownKey || typeof key !== "string") return mistake;
  const hint = hintOf(key, mistake, kinds);
  return hint === undefined ? mistake : { ...mistake, hint };
}

/** What other programs call a setting of ours. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ["else", "otherwise"],
  ["default", "otherwise"],
  ["fallback", "otherwise"],
  ["if", "when"],
  ["condition", "when"],
  ["action", "then"],
  ["result", "then"],
  ["service", "ask"],
  ["destination", "to"],
  ["retries", "retrySeconds"],
  ["certfile", "certificate"],
  ["cert", "certificate"],
  ["keyfile", "key"],
]);

function hintOf(
  key: string,
  { path, message }: Mistake,
  kinds: readonly EndpointKind[],
): string | undefined {
  if (/^(?:\/\/|#|_|\$comment|comments?$)/i.test(key)) {
    return "Write a comment as // text, outside of quotes";
  }
  const synonym = SYNONYMS.get(key.toLowerCase());
  if (synonym !== undefined && message.includes(`"${synonym}"`)) {
    return `Write ${JSON.stringify(synonym)}`;
  }
  const places = placesOf(key, kinds, path[0] === "endpoints").filter((place) =>
    place.depth !== path.length
  );
  return places.length === 0
    ? undefined
    : `It belongs ${[...new Set(places.map(({ name }) => name))].join(" or ")}`;
}

const BESIDE_PATH = 'beside "path" and "kind" of the endpoint';
const IN_LIST = 'into an endpoint, in the list "endpoints"';

interface Home {
  readonly name: string;
  /** How long the path of a key there is; 0 where it differs. */
  readonly depth: number;
}

function placesOf(
  key: string,
  kinds: readonly EndpointKind[],
  isWithinEndpoint: boolean,
): readonly Home[] {
  const sections = Object.entries(configSchema.shape);
  const isOfEndpoint = Object.hasOwn(endpointBase.shape, key) ||
    kinds.some(({ settings }) => Object.hasOwn(settings.shape, key));
  return [
    ...(Object.hasOwn(configSchema.shape, key)
      ? [{ name: 'to the top of the config, beside "endpoints"', depth: 1 }]
      : []),
    ...sections.flatMap(([section, schema]) =>
      keysOfSchemas(alternatives(schema)).includes(key)
        ? [{ name: `into ${JSON.stringify(section)}`, depth: 0 }]
        : []
    ),
    ...(isOfEndpoint ? [{ name: isWithinEndpoint ? BESIDE_PATH : IN_LIST, depth: 3 }] : []),
    ...(keysOfSchemas(alternatives(serviceSettings())).includes(key)
      ? [{ name: 'into a service, below "services"', depth: 0 }]
      : []),
    ...(keysOfSchemas(alternatives(destinationSettings())).includes(key)
      ? [{ name: 'into a destination, below "destinations"', depth: 0 }]
      : []),
  ];
}
