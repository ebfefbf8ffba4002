import type { Authenticator } from "../../../lib/auth/authenticator.ts";
import type { Endpoint } from "../../../lib/http/endpoint.ts";

/**
 * Makes an endpoint at `/a` that answers `{}`.
 *
 * @param auth What verifies its requests.
 * @param other What is otherwise.
 */
export function fakeEndpoint(auth: Authenticator, other: Partial<Endpoint> = {}): Endpoint {
  return {
    path: "/a",
    kind: "fake.kind",
    auth,
    rules: [],
    forwardTo: () => [],
    weighForwards: () => [],
    answer: () => ({ result: "{}", decisions: [] }),
    ...other,
  };
}
