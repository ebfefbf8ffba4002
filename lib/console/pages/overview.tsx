import type { JSX } from "preact";
import { Chart, type ChartData, type ChartSeries, Spark } from "../parts/chart.tsx";
import { A } from "../parts/links.tsx";
import { Empty, pathWith, Table, type TableColumn } from "../parts/parts.tsx";
import { Fill, useNumber, useReader, useSay } from "../parts/reader.tsx";
import { Outside, Time, Word } from "../parts/values.tsx";
import type { EndpointOverview, InstanceOverview, Overview } from "../queries/overview.ts";
import { OVERVIEW_TEXTS } from "../texts/overview.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { formFor } from "../texts/texts.ts";
import { CHART_SPANS, type ChartSpan, type TrafficSeries } from "../traffic_series.ts";
import { NeedsYou } from "./attention.tsx";

/** The overview: what needs a person, then the traffic. */
export function OverviewPage({ view, canAct }: {
  readonly view: Overview;
  readonly canAct: boolean;
}): JSX.Element {
  const say = useSay(OVERVIEW_TEXTS);
  const { language } = useReader();
  const { attention, endpoints, traffic } = view;
  const count = attention.length;
  const chart = useChart(traffic);
  return (
    <div data-follow>
      <div data-part="head">
        <h1>
          {count === 0
            ? say.allWell
            : formFor(say.needs, count, language).replace("{count}", String(count))}
        </h1>
        <Lead view={view} />
        {attention.map((one) => (
          <NeedsYou
            key={`${one.kind} ${one.subject}`}
            attention={one}
            notDone={view.figures.notDone}
            canAct={canAct}
          />
        ))}
      </div>
      <div class="head">
        <h2>{say.traffic}</h2>
        <SpanTabs span={traffic.span} />
      </div>
      <div data-part="traffic">
        <div class="card">
          <Chart data={chart(undefined)} label={say.traffic} />
        </div>
        <h2>{say.byEndpoint}</h2>
        <div class="card flush">
          {endpoints.length === 0
            ? (
              <Empty title={say.noEndpoints}>
                <A href="/docs/configuration">{say.howToAdd}</A>
              </Empty>
            )
            : <Endpoints endpoints={endpoints} chart={chart} />}
        </div>
        {view.instances.length > 0 && <Instances instances={view.instances} />}
      </div>
    </div>
  );
}

/** Gives what makes a chart of one endpoint, or of all. */
function useChart(traffic: TrafficSeries): (endpoint: string | undefined) => ChartData {
  const say = useSay(OVERVIEW_TEXTS);
  const { times, stepMs, endpoints } = traffic;
  const tones = [
    ["answered", "ok", say.answeredHead],
    ["refused", "warn", say.refusedHead],
    ["failed", "bad", say.failedHead],
  ] as const;
  return (endpoint) => {
    const meant = endpoints.filter((one) => endpoint === undefined || one.endpoint === endpoint);
    const series = tones.map(([result, tone, name]): ChartSeries => ({
      name,
      tone,
      counts: times.map((_, step) => meant.reduce((sum, one) => sum + (one[result][step] ?? 0), 0)),
    }));
    return { since: Date.parse(times[0] ?? ""), stepMs, series };
  };
}

function Lead({ view: { endpoints, traffic } }: { readonly view: Overview }): JSX.Element {
  const say = useSay(OVERVIEW_TEXTS);
  const sum = (pick: (one: EndpointOverview) => number) =>
    endpoints.reduce((total, one) => total + pick(one), 0);
  return (
    <p class="lead">
      {say[traffic.span]} <Fill text={say.answered} count={sum((one) => one.answered)} />,{" "}
      <Fill text={say.refused} count={sum((one) => one.refused)} />,{" "}
      <Fill text={say.failed} count={sum((one) => one.failed)} />.
    </p>
  );
}

const SPANS = Object.keys(CHART_SPANS) as readonly ChartSpan[];

function SpanTabs({ span }: { readonly span: ChartSpan }): JSX.Element {
  const say = useSay(COMMON_TEXTS);
  const texts = useSay(OVERVIEW_TEXTS);
  return (
    <nav class="tabs" aria-label={texts.over}>
      {SPANS.map((one) => (
        <A
          key={one}
          href={pathWith("/", new URLSearchParams(), { span: one === "day" ? null : one })}
          aria-current={one === span ? "true" : undefined}
        >
          {say[one]}
        </A>
      ))}
    </nav>
  );
}

function Endpoints({ endpoints, chart }: {
  readonly endpoints: readonly EndpointOverview[];
  readonly chart: (endpoint: string) => ChartData;
}): JSX.Element {
  const say = useSay(OVERVIEW_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const number = useNumber();
  const columns: readonly TableColumn<EndpointOverview>[] = [
    {
      head: common.endpoint,
      isName: true,
      isWhole: true,
      cell: ({ endpoint, kind }) => (
        <>
          <A href={pathWith("/deliveries", new URLSearchParams(), { endpoint })}>
            <bdi>{endpoint}</bdi>
          </A>
          <div class="small soft">{kind}</div>
        </>
      ),
    },
    {
      head: say.traffic,
      isWhole: true,
      cell: ({ endpoint }) => (
        <Spark
          data={chart(endpoint)}
          label={`${say.traffic}: ${endpoint}`}
        />
      ),
    },
    {
      head: say.answeredHead,
      label: say.answeredHead,
      isNumber: true,
      cell: ({ answered }) => number(answered),
    },
    {
      head: say.refusedHead,
      label: say.refusedHead,
      isNumber: true,
      cell: ({ refused }) => refused === 0 ? "0" : <Word tone="warn">{number(refused)}</Word>,
    },
    {
      head: say.failedHead,
      label: say.failedHead,
      isNumber: true,
      cell: ({ failed }) => failed === 0 ? "0" : <Word tone="bad">{number(failed)}</Word>,
    },
    {
      head: say.last,
      label: say.last,
      isNumber: true,
      cell: ({ lastReceivedAt }) =>
        lastReceivedAt === null ? common.never : <Time at={lastReceivedAt} form="away" />,
    },
  ];
  return (
    <Table
      columns={columns}
      rows={endpoints}
      caption={say.byEndpoint}
      keyOf={({ endpoint }) => endpoint}
    />
  );
}

/** The servers that share the journal. */
function Instances({ instances }: {
  readonly instances: readonly InstanceOverview[];
}): JSX.Element {
  const say = useSay(OVERVIEW_TEXTS);
  const columns: readonly TableColumn<InstanceOverview>[] = [
    {
      head: say.machine,
      isName: true,
      isWhole: true,
      cell: ({ host, isThis }) => (
        <>
          <Outside text={host} /> {isThis && <span class="soft">{say.thisOne}</span>}
        </>
      ),
    },
    { head: say.version, cell: ({ version }) => <Outside text={version} /> },
    { head: say.configHash, cell: ({ config }) => <code>{config}</code> },
    { head: say.runsSince, cell: ({ startedAt }) => <Time at={startedAt} /> },
  ];
  return (
    <>
      <h2>{say.instances}</h2>
      <div class="card flush">
        <Table
          caption={say.instances}
          columns={columns}
          rows={instances}
          keyOf={({ host, startedAt }) => `${host} ${startedAt}`}
        />
      </div>
    </>
  );
}
