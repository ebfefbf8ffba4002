/** The endpoint that a test is about, and whether what it expects can be there at all. */
import type { EndpointKind } from "../../config/endpoints/endpoint_kind.ts";
import type { ConfigPath, Mistake } from "../../config/mistake.ts";
import { oneOfInWords } from "../../config/messages/phrases.ts";
import type { Endpoint } from "../../http/endpoint.ts";
import { namesThatDecide } from "../../rules/decision.ts";
import { nearest } from "../../util/words.ts";
import type { Expectation } from "./schema.ts";

/** The endpoint, and the path at which a test asks it. */
interface FoundEndpoint {
  readonly endpoint: Endpoint;
  readonly path: string;
}

/** What is wrong, without where. */
type Trouble = Pick<Mistake, "message" | "hint">;

/**
 * Finds the endpoint of a test.
 *
 * @param endpoints Those of the config.
 * @param kinds The kinds that there are.
 * @param path What the test says; where it says nothing, the only one of the kind, or at all.
 * @param kind The kind of the sample that it names.
 */
export function findTestEndpoint(
  endpoints: readonly Endpoint[],
  kinds: readonly EndpointKind[],
  path: string | undefined,
  kind: string | undefined,
): FoundEndpoint | Trouble {
  const paths = endpoints.map((one) => one.path);
  if (paths.length === 0) return { message: "found no endpoint in the config to test" };
  if (path === undefined) {
    const ofKind = endpoints.filter((one) => kind === undefined || one.kind === kind);
    const [only, ...others] = ofKind.length > 0 || kinds.some((one) => one.kind === kind)
      ? ofKind
      : endpoints;
    if (only !== undefined && others.length === 0) return { endpoint: only, path: only.path };
    return { message: `found nothing, wanted the path of an endpoint: ${oneOfInWords(paths)}` };
  }
  const [address = path] = path.split("?");
  const endpoint = endpoints.find((one) =>
    one.path === address ||
    (one.ingestion?.below === true && address.startsWith(`${one.path}/`))
  );
  if (endpoint !== undefined) return { endpoint, path };
  const near = nearest(address, paths);
  return {
    message: `found ${JSON.stringify(path)}, wanted ${oneOfInWords(paths)}`,
    ...(near !== undefined && { hint: `Did you mean ${JSON.stringify(near)}?` }),
  };
}

/** What is wrong with an expectation, and where below it. */
interface ExpectationTrouble extends Trouble {
  readonly at: ConfigPath;
}

/**
 * Finds what can never come of an endpoint: a rule that it does not have.
 *
 * @param wanted What is expected.
 * @param endpoint The endpoint.
 */
export function troublesOfExpectation(
  { rule }: Expectation,
  endpoint: Endpoint,
): readonly ExpectationTrouble[] {
  // Without rules something else decides, such as the rates of a tax.
  if (rule === undefined || rule === null || endpoint.rules.length === 0) return [];
  const names = endpoint.rules.map(({ name }) => name);
  const known = new Set([...names, ...namesThatDecide(endpoint), "otherwise"]);
  if (known.has(rule)) return [];
  const few = [...known].slice(0, MOST_NAMED).map((name) => JSON.stringify(name)).join(", ");
  const near = nearest(rule, [...known]);
  return [{
    at: ["rule"],
    message: `found ${JSON.stringify(rule)}, which is no rule of ${endpoint.path}`,
    hint: near === undefined
      ? `Its rules are ${few}${known.size > MOST_NAMED ? ", …" : ""}`
      : `Did you mean ${JSON.stringify(near)}?`,
  }];
}

/** A table may have thousands of rows. */
const MOST_NAMED = 10;
