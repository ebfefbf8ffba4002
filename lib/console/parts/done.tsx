import type { ComponentChildren, JSX } from "preact";
import { VERSIONS_TEXTS } from "../texts/changing.ts";
import { FORWARD_TEXTS } from "../texts/forwards.ts";
import { HEALTH_TEXTS } from "../texts/running.ts";
import { Notice } from "./parts.tsx";
import { Fill, useSay } from "./reader.tsx";
import { Duration, Outside, Time } from "./values.tsx";

/** What an address says of what was just done, which is no part of what the page is narrowed by. */
const DONE_FIELDS = [
  ...["done", "forwards", "enabled", "changed", "delivered"],
  ...["durationMs", "error", "webhookId", "outcome", "failure"],
  ...["fingerprint", "kept", "isServed"],
];

/**
 * Takes out of a query what it says of what was just done.
 *
 * @param query The query of a page.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const query = new URLSearchParams("state=failed&done=%2Fforwards%2Fretry&forwards=2");
 * assertEquals(withoutDone(query).toString(), "state=failed");
 * ```
 */
export function withoutDone(query: URLSearchParams): URLSearchParams {
  if (!query.has("done")) return query;
  return new URLSearchParams([...query].filter(([name]) => !DONE_FIELDS.includes(name)));
}

/** Says what was just done, on the page to which whoever did it came back. */
export function Done({ query }: { readonly query: URLSearchParams }): JSX.Element | null {
  const forward = useSay(FORWARD_TEXTS);
  const health = useSay(HEALTH_TEXTS);
  const versions = useSay(VERSIONS_TEXTS);
  const done = query.get("done");
  if (done === null) return null;
  const count = Number(query.get("forwards") ?? 0);
  const name = <code>{query.get("destination") ?? query.get("service") ?? ""}</code>;
  const error = <Outside text={query.get("error") ?? query.get("failure") ?? "?"} most={500} />;
  const isServed = query.get("isServed") === "true";
  const isWrong = done === "/destinations/{name}/test"
    ? query.get("delivered") !== "true"
    : done === "/services/{name}/test"
    ? query.get("outcome") === "failed"
    : done.endsWith("/restore") && !isServed;
  const texts: Readonly<Record<string, ComponentChildren>> = {
    "/forwards/retry": <Fill text={forward.doneRetry} count={count} />,
    "/forwards/resend": <Fill text={forward.doneResend} count={count} />,
    "/forwards/cancel": <Fill text={forward.doneCancel} count={count} />,
    "/destinations/{name}/pause": (
      <Fill text={health.nowPaused} name={name} time={<Time at={query.get("until") ?? ""} />} />
    ),
    "/destinations/{name}/resume": <Fill text={health.nowResumed} name={name} />,
    "/destinations/{name}/enable": <Fill text={health.nowResumed} name={name} />,
    "/destinations/{name}/test": isWrong
      ? <Fill text={health.testRefused} name={name} error={error} />
      : <Fill text={health.testTook} name={name} />,
    "/services/{name}/test": isWrong
      ? <Fill text={health.serviceFailed} name={name} error={error} />
      : (
        <Fill
          text={health.serviceAnswered}
          name={name}
          time={<Duration ms={Number(query.get("durationMs") ?? 0)} />}
        />
      ),
    "/config/versions/{id}/restore": isServed ? versions.wentBack : versions.wentBackNotServed,
  };
  const text = texts[done];
  if (text === undefined) return null;
  return (
    <div class="ask" role="status">
      <Notice tone={isWrong ? "warn" : "ok"}>
        <p>
          <b>{text}</b>
        </p>
      </Notice>
    </div>
  );
}
