import type { JSX } from "preact";
import type { ForwardState } from "../../forward/outbox.ts";
import { AttemptWords, NextTry, StateWord } from "../parts/forward_parts.tsx";
import { Act, Empty, pathWith, Table, type TableColumn } from "../parts/parts.tsx";
import type { ForwardRow } from "../reader/rows.ts";
import { Fill, useNumber, useReader, useSay } from "../parts/reader.tsx";
import { Outside, Time } from "../parts/values.tsx";
import { EVENT_TEXTS, FORWARD_TEXTS } from "../texts/forwards.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { formFor } from "../texts/texts.ts";
import { withoutDone } from "../parts/done.tsx";
import type { ForwardAction } from "../queries/change_forwards.ts";
import type { Surroundings } from "./surroundings.ts";
import { Choice } from "../parts/fields.tsx";
import { Further } from "../parts/further.tsx";
import { A, Form } from "../parts/links.tsx";

/** What the list of forwards shows. */
export interface ForwardsView {
  readonly forwards: readonly ForwardRow[];
  readonly next: string | null;
  readonly lookedBackTo: string | null;
  /** How many there are by where they stand. */
  readonly counts: Readonly<Record<ForwardState, number>>;
  readonly query: URLSearchParams;
  readonly around: Pick<Surroundings, "destinations">;
  readonly canAct: boolean;
}

const STATES: readonly ForwardState[] = ["waiting", "failed", "delivered", "cancelled"];

/** What can be done with all that are in a state. */
const DEEDS: Readonly<Record<ForwardState, readonly ForwardAction[]>> = {
  waiting: ["retry", "cancel"],
  failed: ["retry", "cancel"],
  delivered: ["resend"],
  cancelled: ["retry"],
};

/** What is sent on: what waits, failed and was done. */
export function ForwardsPage({ view }: { readonly view: ForwardsView }): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const { forwards, query, counts, canAct } = view;
  return (
    <div data-follow>
      <div data-part="head">
        <h1>
          {counts.waiting + counts.failed === 0
            ? say.allDone
            : <NotDone waiting={counts.waiting} failed={counts.failed} />}
        </h1>
      </div>
      <p class="lead">{say.lead}</p>
      <div class="head">
        <StateTabs query={query} counts={counts} />
        {canAct && <DeedsForAll query={query} />}
      </div>
      <Narrow view={view} />
      <div class="card flush" data-part="rows">
        {forwards.length > 0
          ? <Rows view={view} />
          : view.lookedBackTo === null && <Empty title={say.none} />}
      </div>
      <Further path="/forwards" query={query} list={view} />
    </div>
  );
}

function NotDone({ waiting, failed }: {
  readonly waiting: number;
  readonly failed: number;
}): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const { language } = useReader();
  if (failed === 0) return <Fill text={say.waitingTitle} count={waiting} />;
  const text = formFor(say.failedTitle, failed, language);
  const begun = text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
  return waiting === 0 ? <Fill text={`${begun}|${begun}`} count={failed} /> : (
    <>
      <Fill text={say.waitingTitle} count={waiting} />,{" "}
      <Fill text={say.failedTitle} count={failed} />
    </>
  );
}

function stateOf(query: URLSearchParams): ForwardState | undefined {
  const state = query.get("state");
  return STATES.find((one) => one === state);
}

function StateTabs({ query, counts }: Pick<ForwardsView, "query" | "counts">): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const number = useNumber();
  const chosen = stateOf(query);
  const to = (state: string | null) =>
    pathWith("/forwards", withoutDone(query), { state, cursor: null });
  return (
    <nav class="tabs" aria-label={common.status}>
      <A href={to(null)} aria-current={chosen === undefined ? "true" : undefined}>{common.all}</A>
      {STATES.map((state) => (
        <A key={state} href={to(state)} aria-current={chosen === state ? "true" : undefined}>
          {say[state]} <span class="small">{number(counts[state])}</span>
        </A>
      ))}
    </nav>
  );
}

/** Leads to the question, which counts first. It takes a destination: nobody means all there is. */
function DeedsForAll({ query }: { readonly query: URLSearchParams }): JSX.Element | null {
  const say = useSay(FORWARD_TEXTS);
  const state = stateOf(query);
  const destination = query.get("destination") ?? "";
  if (state === undefined || destination === "") return null;
  const back = pathWith("/forwards", withoutDone(query), { cursor: null });
  return (
    <div class="actions">
      <span class="small soft">{say.allShown}</span>
      {DEEDS[state].map((deed) => (
        <Act
          key={deed}
          to={`/forwards/${deed}`}
          values={{ state, destination, dryRun: "true", back }}
        >
          {say[deed]}
        </Act>
      ))}
    </div>
  );
}

function Narrow(
  { view: { query, around: { destinations } } }: { readonly view: ForwardsView },
): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const state = query.get("state");
  return (
    <Form class="filter" method="get" action="/forwards">
      {state !== null && <input type="hidden" name="state" value={state} />}
      <Choice
        name="destination"
        label={say.destination}
        chosen={query.get("destination") ?? ""}
        options={[["", say.allDestinations], ...destinations.map((one) => [one, one] as const)]}
      />
      <button type="submit">{common.show}</button>
    </Form>
  );
}

function Rows({ view: { forwards, query, canAct } }: { readonly view: ForwardsView }): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const events = useSay(EVENT_TEXTS);
  const columns: readonly (TableColumn<ForwardRow> | null)[] = [
    { head: common.time, cell: ({ createdAt }) => <Time at={createdAt ?? ""} /> },
    {
      head: say.event,
      isName: true,
      cell: ({ id, event }) => (
        <A href={`/forwards/${id}`}>
          <Outside text={event.type === "" ? "?" : event.type} most={60} />
        </A>
      ),
    },
    { head: common.status, cell: ({ state }) => <StateWord state={state} /> },
    { head: say.destination, cell: ({ destination }) => <code>{destination}</code> },
    {
      head: events.subject,
      isRoomy: true,
      cell: ({ event }) => (
        <span class="soft">
          <Outside text={event.subject} most={80} />
        </span>
      ),
    },
    { head: say.tries, label: say.tries, isNumber: true, cell: ({ attempts }) => attempts },
    { head: say.next, label: say.next, cell: (forward) => <NextTry forward={forward} /> },
    {
      head: say.last,
      isRoomy: true,
      cell: ({ lastAttempt }) =>
        lastAttempt === null ? null : <AttemptWords attempt={lastAttempt} />,
    },
    canAct
      ? {
        head: say.deeds,
        isQuiet: true,
        cell: (forward) => <RowDeed forward={forward} query={query} />,
      }
      : null,
  ];
  return (
    <Table
      columns={columns.filter((column) => column !== null)}
      rows={forwards}
      caption={say.title}
      isDense
      keyOf={({ id }) => id}
    />
  );
}

/** What is done most with one that is where it is; a single one is done at once. */
function RowDeed({ forward: { id, state }, query }: {
  readonly forward: ForwardRow;
  readonly query: URLSearchParams;
}): JSX.Element | null {
  const say = useSay(FORWARD_TEXTS);
  if (state === "delivered") return null;
  const back = pathWith("/forwards", withoutDone(query), {});
  return <Act to="/forwards/retry" values={{ ids: id, back }}>{say.retry}</Act>;
}
