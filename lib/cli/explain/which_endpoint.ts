import type { Endpoint } from "../../http/endpoint.ts";
import { UsageError } from "../terminal/command.ts";

/**
 * Finds an endpoint as a request would: by its path, or by one below it where those belong to it.
 *
 * @param endpoints The endpoints of the config.
 * @param kind The kind that is meant.
 * @param target The path of a request, perhaps with a query; the first of the kind without one.
 * @throws {UsageError} When there is none of the kind there; it names the paths where there is.
 */
export function needEndpoint(
  endpoints: readonly Endpoint[],
  kind: string,
  target: string | undefined,
): Endpoint {
  const ofKind = endpoints.filter((endpoint) => endpoint.kind === kind);
  const endpoint = target === undefined
    ? ofKind[0]
    : ofKind.find((one) => isAt(one, pathOf(target)));
  if (endpoint !== undefined) return endpoint;
  const paths = ofKind.map(({ path }) => path).join(", ") || "none";
  throw new UsageError(
    target === undefined
      ? `The config has no endpoint of the kind "${kind}"`
      : `The config has no endpoint of the kind "${kind}" at "${target}", only at: ${paths}`,
  );
}

function isAt({ path, ingestion }: Endpoint, called: string): boolean {
  return called === path || (ingestion?.below === true && called.startsWith(`${path}/`));
}

function pathOf(target: string): string {
  return target.split("?", 1)[0] ?? "";
}
