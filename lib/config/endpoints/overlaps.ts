import { type Endpoint, RESERVED_PREFIXES } from "../../http/endpoint.ts";
import { isBelow } from "../../http/request.ts";
import type { Mistake } from "../mistake.ts";

/**
 * Finds endpoints that take the paths below their own, where others stand there: the longer path
 * wins, whatever the order, which may not be what is meant.
 *
 * @param endpoints The endpoints by their position in the config; `undefined` where one is wrong.
 * @returns A warning for each that takes something from another.
 */
export function findOverlaps(endpoints: readonly (Endpoint | undefined)[]): readonly Mistake[] {
  return endpoints.flatMap((endpoint, index) => {
    if (endpoint === undefined) return [];
    const { path } = endpoint;
    const at = ["endpoints", index, "path"];
    const outer = endpoints.flatMap((other, position) =>
      other?.ingestion?.below === true && isBelow(path, other.path)
        ? [{ position, path: other.path }]
        : []
    ).sort((a, b) =>
      b.path.length - a.path.length
    )[0];
    const own = endpoint.ingestion?.below === true
      ? RESERVED_PREFIXES.filter((prefix) => isBelow(prefix, path))
      : [];
    return [
      ...(outer === undefined ? [] : [{
        path: at,
        message: `found ${JSON.stringify(path)}, which lies below endpoints[${outer.position}] ` +
          `(${JSON.stringify(outer.path)}): what is sent there goes to the longer path`,
        hint: "Give one of them a path beside the other, unless that is meant",
      }]),
      ...own.map((prefix) => ({
        path: at,
        message: `found ${JSON.stringify(path)}, where the server answers what is below ` +
          `${JSON.stringify(prefix)} itself`,
        hint: "Give it another path",
      })),
    ];
  });
}
