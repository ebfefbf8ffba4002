import type { Position } from "../../filter.ts";
import { type ForwardFilter, type ForwardSelection, isIds } from "../../forwards.ts";
import type { ForwardWriter } from "./forward_writer.ts";
import type { Keeper } from "../upkeep/keeper.ts";
import type { WriteSession } from "../session.ts";
import { inSteps } from "../upkeep/steps.ts";

/** Looked up at once; changing them takes about a millisecond. */
const AT_ONCE = 50;

/**
 * Changes many forwards, in steps that leave room for requests.
 *
 * @param keeper Gives the session.
 * @param selection Which forwards.
 * @param change Changes one; tells whether it could.
 * @returns How many were changed.
 */
export async function changeForwards(
  keeper: Keeper,
  selection: ForwardSelection,
  change: (writer: ForwardWriter, id: string) => boolean,
): Promise<number> {
  const nextIds = isIds(selection) ? pagesOfIds(selection) : pagesOfFilter(selection);
  let changed = 0;
  await inSteps(keeper.rest, (deadline) =>
    keeper.transaction((session) => {
      for (;;) {
        const ids = nextIds(session);
        changed += ids.filter((id) => change(session.forwardWriter, id)).length;
        if (ids.length < AT_ONCE) return true;
        if (performance.now() > deadline) return false;
      }
    }));
  return changed;
}

type NextIds = (session: WriteSession) => readonly string[];

function pagesOfIds(ids: readonly string[]): NextIds {
  const unique = [...new Set(ids)];
  return () => unique.splice(0, AT_ONCE);
}

function pagesOfFilter(filter: ForwardFilter): NextIds {
  let after: Position | undefined;
  return ({ forwards }) => {
    const keys = forwards.keysAfter(filter, after, AT_ONCE);
    after = keys.at(-1) ?? after;
    return keys.map(({ id }) => id);
  };
}
