import type { JSX } from "preact";
import { DELIVERIES_TEXTS } from "../texts/deliveries.ts";
import { A } from "./links.tsx";
import { Pager, pathWith } from "./parts.tsx";
import { Fill, useSay } from "./reader.tsx";
import { Time } from "./values.tsx";

/**
 * How far a list was looked through, where its time was up: a browser looks further by itself, and
 * without scripts a link does. Else what leads to the next part.
 */
export function Further({ path, query, list: { next, lookedBackTo } }: {
  readonly path: string;
  /** What the list is narrowed by. */
  readonly query: URLSearchParams;
  readonly list: { readonly next: string | null; readonly lookedBackTo: string | null };
}): JSX.Element {
  const say = useSay(DELIVERIES_TEXTS);
  return (
    <div data-further>
      {lookedBackTo === null || next === null
        ? <Pager path={path} query={query} next={next} />
        : (
          <p class="line" role="status">
            <span>
              <Fill text={say.lookedBack} time={<Time at={lookedBackTo} />} />
            </span>
            <A class="button" href={pathWith(path, query, { cursor: next })} data-look>
              {say.lookFurther}
            </A>
          </p>
        )}
    </div>
  );
}
