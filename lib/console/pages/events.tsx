import type { JSX } from "preact";
import { Attempts, NextTry, StateWord } from "../parts/forward_parts.tsx";
import { Choice, Sought } from "../parts/fields.tsx";
import { Further } from "../parts/further.tsx";
import { A, Form } from "../parts/links.tsx";
import { Act, Empty, Facts, Notice, Table, type TableColumn } from "../parts/parts.tsx";
import { Fill, useReader, useSay } from "../parts/reader.tsx";
import { Code, Outside, Size, Time, Word } from "../parts/values.tsx";
import { nameOfType } from "../queries/records.ts";
import type { EventList, EventRow, EventWithForwards, ForwardWithHistory } from "../reader/rows.ts";
import { DELIVERIES_TEXTS } from "../texts/deliveries.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { EVENT_TEXTS, FORWARD_TEXTS } from "../texts/forwards.ts";
import { COMMON_TEXTS, SHELL_TEXTS } from "../texts/shell.ts";
import type { Surroundings } from "./surroundings.ts";

/** What the list of events shows. */
export interface EventsView {
  readonly list: EventList;
  readonly query: URLSearchParams;
  readonly around: Pick<Surroundings, "endpoints">;
  readonly seesPeople: boolean;
}

/** The events, newest first. */
export function EventsPage({ view }: { readonly view: EventsView }): JSX.Element {
  const say = useSay(EVENT_TEXTS);
  const { list, query } = view;
  const isLive = !query.has("cursor");
  return (
    <div data-follow={isLive ? "" : undefined}>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <Search view={view} />
      <div class="card flush" data-part="rows">
        {list.events.length > 0
          ? <Rows events={list.events} />
          : list.lookedBackTo === null && (
            <Empty title={say.noneYet}>
              <A href="/docs/events">{say.title}</A>
            </Empty>
          )}
      </div>
      <Further path="/events" query={query} list={list} />
    </div>
  );
}

function Search(
  { view: { query, around, seesPeople } }: { readonly view: EventsView },
): JSX.Element {
  const say = useSay(EVENT_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const deliveries = useSay(DELIVERIES_TEXTS);
  const isNarrowed = [...query].some(([, value]) => value !== "");
  return (
    <Form class="filter" method="get" action="/events" role="search">
      <Sought name="type" label={say.type} query={query} />
      {seesPeople && (
        <>
          <Sought name="subject" label={say.subject} query={query} />
          <Sought name="text" label={deliveries.byText} query={query} />
        </>
      )}
      <Choice
        name="endpoint"
        label={common.endpoint}
        chosen={query.get("endpoint") ?? ""}
        options={[
          ["", deliveries.allEndpoints],
          ...around.endpoints.filter(({ takesEvents }) => takesEvents).map(({ path }) =>
            [path, path] as const
          ),
        ]}
      />
      <Choice
        name="warnings"
        label={say.warnings}
        chosen={query.get("warnings") ?? ""}
        options={[["", say.everyEvent], ["true", say.withWarnings]]}
      />
      <button type="submit">{common.search}</button>
      {isNarrowed && <A class="button plain" href="/events">{common.clear}</A>}
    </Form>
  );
}

function Rows({ events }: { readonly events: readonly EventRow[] }): JSX.Element {
  const say = useSay(EVENT_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const columns: readonly TableColumn<EventRow>[] = [
    { head: common.time, cell: ({ receivedAt }) => <Time at={receivedAt ?? ""} /> },
    {
      head: say.type,
      isName: true,
      cell: (event) => (
        <A href={`/events/${event.id}`}>
          <Outside text={nameOfType(event)} most={80} />
        </A>
      ),
    },
    {
      head: say.subject,
      isRoomy: true,
      cell: ({ subject }) => <Outside text={subject} most={100} />,
    },
    {
      head: say.source,
      cell: ({ source }) => (
        <span class="soft">
          <Outside text={source} most={40} />
        </span>
      ),
    },
    {
      head: common.endpoint,
      isSpare: true,
      cell: ({ endpoint }) => (
        <span class="soft">
          <Outside text={endpoint} most={60} />
        </span>
      ),
    },
    { head: say.warnings, cell: (event) => <Marks event={event} /> },
  ];
  return (
    <Table
      columns={columns}
      rows={events}
      caption={say.title}
      isDense
      keyOf={({ id }) => id}
    />
  );
}

function Marks(
  { event: { warnings, duplicates, erasedAt } }: { readonly event: EventRow },
): JSX.Element {
  const say = useSay(EVENT_TEXTS);
  const common = useSay(COMMON_TEXTS);
  return (
    <>
      {warnings.length > 0 && <Word tone="warn">{warnings.length}</Word>}
      {duplicates > 0 && (
        <span class="soft">
          {" "}
          <Fill text={say.cameAgain} count={duplicates} />
        </span>
      )}
      {erasedAt !== null && <span class="soft">{common.erased}</span>}
    </>
  );
}

/** One event: what it says, and what became of it at each destination. */
export function OneEvent({ event, seesPeople, canAct }: {
  readonly event: EventWithForwards;
  readonly seesPeople: boolean;
  readonly canAct: boolean;
}): JSX.Element {
  const say = useSay(EVENT_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const shell = useSay(SHELL_TEXTS);
  const delivery = useSay(DELIVERY_TEXTS);
  const { language } = useReader();
  return (
    <>
      <p class="crumb">
        <A href="/events">{shell.events}</A>
      </p>
      <h1>
        <Outside text={nameOfType(event)} />
      </h1>
      <p class="lead">
        <Outside text={event.subject} />
      </p>
      {event.warnings.length > 0 && (
        <div class="ask">
          <Notice tone="warn">
            {event.warnings.map((warning) => (
              <p key={warning} lang={language === "en" ? undefined : "en"}>
                <Outside text={warning} most={500} />
              </p>
            ))}
          </Notice>
        </div>
      )}
      <h2>{say.goesTo}</h2>
      {event.forwards.length === 0 && <p class="card soft">{say.goesNowhere}</p>}
      <div class="stack">
        {event.forwards.map((forward) => (
          <ForwardCard key={forward.id} forward={forward} eventId={event.id} canAct={canAct} />
        ))}
      </div>
      <div class="head">
        <h2>{say.payload}</h2>
        <span class="small soft">
          <Size bytes={event.payloadBytes} />
        </span>
      </div>
      {seesPeople
        ? <Code text={event.payload} label={say.payload} />
        : <p class="card soft">{delivery.hiddenBody}</p>}
      {event.payloadIsCut && seesPeople && <p class="small soft">{delivery.cutHere}</p>}
      <h2>{delivery.more}</h2>
      <div class="card">
        <Facts
          facts={[
            [
              say.happened,
              event.occurredAt === null ? null : <Time key="" at={event.occurredAt} form="exact" />,
            ],
            [say.received, <Time key="" at={event.receivedAt ?? ""} form="exact" />],
            [say.source, <Outside key="" text={event.source} />],
            [common.endpoint, <Outside key="" text={event.endpoint} />],
            [
              say.delivery,
              <A key="" href={`/deliveries/${event.deliveryId}`}>
                <code>{event.deliveryId}</code>
              </A>,
            ],
            ["ID", <code key="">{event.id}</code>],
            [say.key, <code key="">{event.key}</code>],
            [
              say.repeats,
              event.duplicates === 0
                ? null
                : <Fill key="" text={say.cameAgain} count={event.duplicates} />,
            ],
          ]}
        />
      </div>
    </>
  );
}

function ForwardCard({ forward, eventId, canAct }: {
  readonly eventId: string;
  readonly forward: EventWithForwards["forwards"][number];
  readonly canAct: boolean;
}): JSX.Element {
  const { id, destination, state } = forward;
  return (
    <section class="card">
      <div class="line">
        <h3>
          <A href={`/forwards/${id}`}>
            <code>{destination}</code>
          </A>
        </h3>
        <StateWord state={state} />
        <span class="soft">
          <NextTry forward={forward} />
        </span>
        {canAct && (
          <span class="push actions">
            <ForwardDeeds id={id} state={state} back={`/events/${eventId}`} />
          </span>
        )}
      </div>
      <Attempts history={forward.history} />
    </section>
  );
}

/** What can be done with one forward. */
export function ForwardDeeds({ id, state, back }: {
  readonly id: string;
  readonly state: ForwardWithHistory["state"];
  /** Where to go then. */
  readonly back: string;
}): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const asked = { ids: id, back, dryRun: "true" };
  return (
    <>
      {state === "delivered"
        ? <Act to="/forwards/resend" values={asked}>{say.resend}</Act>
        : <Act to="/forwards/retry" values={{ ids: id, back }}>{say.retry}</Act>}
      {(state === "waiting" || state === "failed") && (
        <Act to="/forwards/cancel" values={asked} tone="danger">{say.cancel}</Act>
      )}
    </>
  );
}

/** One forward with every attempt. */
export function OneForward({ forward, canAct }: {
  readonly forward: ForwardWithHistory;
  readonly canAct: boolean;
}): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const events = useSay(EVENT_TEXTS);
  const shell = useSay(SHELL_TEXTS);
  const { event, destination, state } = forward;
  return (
    <>
      <p class="crumb">
        <A href="/forwards">{shell.forwards}</A>
      </p>
      <h1>
        <Outside text={event.type === "" ? "?" : event.type} /> → <bdi>{destination}</bdi>
      </h1>
      <p class="lead line">
        <StateWord state={state} /> <NextTry forward={forward} /> <Outside text={event.subject} />
      </p>
      {canAct && (
        <div class="actions">
          <ForwardDeeds id={forward.id} state={state} back={`/forwards/${forward.id}`} />
        </div>
      )}
      <h2>{events.attempts}</h2>
      <div class="card flush">
        <Attempts history={forward.history} />
      </div>
      <h2>{say.event}</h2>
      <div class="card">
        <Facts
          facts={[
            [
              say.event,
              <A key="" href={`/events/${forward.eventId}`}>
                <code>{forward.eventId}</code>
              </A>,
            ],
            [
              events.delivery,
              <A key="" href={`/deliveries/${forward.deliveryId}`}>
                <code>{forward.deliveryId}</code>
              </A>,
            ],
            [
              say.destination,
              <A key="" href="/destinations">
                <code>{destination}</code>
              </A>,
            ],
            ["ID", <code key="">{forward.id}</code>],
          ]}
        />
      </div>
    </>
  );
}
