import type { JSX } from "preact";
import type { DeliveryRow, FoundDeliveryList } from "../reader/rows.ts";
import { Choice, Sought } from "../parts/fields.tsx";
import { Further } from "../parts/further.tsx";
import { Empty, pathWith, Table, type TableColumn } from "../parts/parts.tsx";
import { useSay } from "../parts/reader.tsx";
import { ShortAnswer } from "../parts/sentence.tsx";
import { Duration, Outside, Time } from "../parts/values.tsx";
import { DELIVERIES_TEXTS } from "../texts/deliveries.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import type { Surroundings } from "./surroundings.ts";
import { A, Form } from "../parts/links.tsx";

/** What the list of deliveries shows. */
export interface DeliveriesView {
  readonly list: FoundDeliveryList;
  /** What the list is narrowed by, as the address says it. */
  readonly query: URLSearchParams;
  readonly around: Pick<Surroundings, "endpoints">;
  /** Whether the reader may see who ordered, and look for what people sent. */
  readonly seesPeople: boolean;
}

/** The deliveries, newest first, as they come. */
export function DeliveriesPage({ view }: { readonly view: DeliveriesView }): JSX.Element {
  const say = useSay(DELIVERIES_TEXTS);
  const { list, query } = view;
  // Only the newest part grows.
  const isLive = !query.has("cursor") && !query.has("until");
  return (
    <div data-follow={isLive ? 1000 : undefined}>
      <div class="line">
        <h1>{say.title}</h1>
        {isLive && (
          <button
            type="button"
            class="push"
            hidden
            data-pause={say.pause}
            data-resume={say.resume}
            aria-pressed="false"
          >
            {say.pause}
          </button>
        )}
      </div>
      <p class="lead">{say.lead}</p>
      <Search view={view} />
      <div class="card flush" data-part="rows" data-grows>
        {list.deliveries.length > 0
          ? <Rows view={view} />
          : list.lookedBackTo === null && <None query={query} />}
      </div>
      <Further path="/deliveries" query={query} list={list} />
    </div>
  );
}

function None({ query }: { readonly query: URLSearchParams }): JSX.Element {
  const say = useSay(DELIVERIES_TEXTS);
  const isNarrowed = [...query].some(([name, value]) => name !== "cursor" && value !== "");
  return isNarrowed
    ? <Empty title={say.noneFound}>{say.noneFoundWhy}</Empty>
    : (
      <Empty title={say.noneYet}>
        <A href="/docs/try">{say.noneYetWhy}</A>
      </Empty>
    );
}

function Rows({ view: { list, seesPeople } }: { readonly view: DeliveriesView }): JSX.Element {
  const say = useSay(DELIVERIES_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const columns: readonly (TableColumn<DeliveryRow> | null)[] = [
    { head: common.time, cell: ({ receivedAt }) => <Time at={receivedAt ?? ""} /> },
    {
      head: say.order,
      isName: true,
      cell: ({ brief, id }) => (
        <A class="clip" href={`/deliveries/${id}`}>
          {brief.orders?.[0] === undefined
            ? <code>{id.slice(0, SHORT_ID)}</code>
            : <Outside text={brief.orders[0]} most={40} />}
        </A>
      ),
    },
    {
      head: say.total,
      isNumber: true,
      cell: ({ brief }) => <Outside text={brief.total} most={30} />,
    },
    { head: say.answer, cell: (row) => <ShortAnswer delivery={row} /> },
    { head: say.because, isRoomy: true, cell: (row) => <Because row={row} /> },
    seesPeople
      ? {
        head: say.shopper,
        isRoomy: true,
        cell: ({ brief }) => <Outside text={brief.shopper} most={80} />,
      }
      : null,
    {
      head: common.endpoint,
      isSpare: true,
      cell: ({ endpoint }) => (
        <span class="soft">
          <Outside text={endpoint} most={60} />
        </span>
      ),
    },
    {
      head: say.took,
      isNumber: true,
      cell: ({ durationMs }) => (
        <span class="soft">
          <Duration ms={durationMs} />
        </span>
      ),
    },
  ];
  return (
    <Table
      columns={columns.filter((column) => column !== null)}
      rows={list.deliveries}
      caption={say.title}
      isDense
      keyOf={({ id }) => id}
    />
  );
}

/** So much of an id tells it from those of the same minute. */
const SHORT_ID = 13;
/** So much of a note is read in a list. */
const LONGEST_REASON = 80;

function Because({ row }: { readonly row: DeliveryRow }): JSX.Element {
  const say = useSay(DELIVERIES_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const rules = [...new Set(row.decisions.map(({ rule }) => rule ?? say.noRule))].join(", ");
  const reason = rules === "" ? row.note ?? "" : rules;
  return (
    <>
      <Outside text={reason} most={LONGEST_REASON} />
      {row.repeatOf !== null && <span class="soft">{` (${say.repeated})`}</span>}
      {row.erasedAt !== null && <span class="soft">{` (${common.erased})`}</span>}
    </>
  );
}

function Search({ view }: { readonly view: DeliveriesView }): JSX.Element {
  const say = useSay(DELIVERIES_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const { query, around: { endpoints }, seesPeople } = view;
  const chosen = query.get("endpoint") ?? "";
  const rules = new Set(
    endpoints.filter(({ path }) => chosen === "" || path === chosen)
      .flatMap(({ rules }) => rules),
  );
  const isNarrowed = [...query].some(([, value]) => value !== "");
  const since = query.get("since") ?? "";
  const isExact = since !== "" && !/^\d+[hd]$/.test(since);
  return (
    <Form class="filter" method="get" action="/deliveries" role="search">
      <Sought name="order" label={say.byOrder} query={query} />
      {seesPeople && (
        <>
          <Sought name="shopper" label={say.byShopper} query={query} />
          <Sought name="text" label={say.byText} query={query} />
        </>
      )}
      <Choice
        name="endpoint"
        label={common.endpoint}
        chosen={chosen}
        options={[["", say.allEndpoints], ...endpoints.map(({ path }) => [path, path] as const)]}
      />
      <Choice
        name="status"
        label={say.answer}
        chosen={query.get("status") ?? ""}
        options={[
          ["", say.everyAnswer],
          ["2xx", say.answered],
          ["4xx", say.refused],
          ["401", say.unverified],
          ["5xx", say.failed],
        ]}
      />
      <Choice
        name="rule"
        label={say.rule}
        chosen={query.get("rule") ?? ""}
        options={[
          ["", say.everyRule],
          ...[...rules, "otherwise"].map((rule) => [rule, rule] as const),
        ]}
      />
      {!isExact && (
        <Choice
          name="since"
          label={common.time}
          chosen={since}
          options={[
            ["", say.anyTime],
            ["1h", say.lastHour],
            ["24h", say.lastDay],
            ["7d", say.lastWeek],
            ["30d", say.lastMonth],
          ]}
        />
      )}
      {isExact && (
        <>
          <input type="text" name="since" value={since} aria-label={say.between} size={22} />
          <input
            type="text"
            name="until"
            value={query.get("until") ?? ""}
            aria-label={say.until}
            size={22}
          />
        </>
      )}
      {!isExact && (
        <A
          class="button plain"
          href={pathWith("/deliveries", query, { since: "today", cursor: null })}
        >
          {say.exactly}
        </A>
      )}
      <button type="submit">{common.search}</button>
      {isNarrowed && <A class="button plain" href="/deliveries">{common.clear}</A>}
    </Form>
  );
}
