import type { Handler } from "../../../handlers/handler.ts";
import { nearest } from "../../util/nearest.ts";
import { UsageError } from "../terminal/command.ts";

/**
 * Finds a handler by what the user calls it.
 *
 * @param handlers All handlers.
 * @param kind The kind, e.g. `ustore.order-approval`.
 * @throws {UsageError} When there is none of that kind; it names the nearest one or all.
 */
export function needHandler(handlers: readonly Handler[], kind: string): Handler {
  const handler = handlers.find((candidate) => candidate.kind === kind);
  if (handler !== undefined) return handler;
  const kinds = handlers.map((candidate) => candidate.kind);
  const near = nearest(kind, kinds);
  throw new UsageError(
    `Unknown kind "${kind}", ${
      near === undefined ? `wanted one of ${kinds.join(", ")}` : `did you mean "${near}"?`
    }`,
  );
}
