import type { ComponentChildren, JSX } from "preact";
import { A } from "../parts/links.tsx";
import { Act, Empty, Table, type TableColumn } from "../parts/parts.tsx";
import { Fill, useReader, useSay } from "../parts/reader.tsx";
import { Duration, Outside, Time, type Tone, Word } from "../parts/values.tsx";
import type { DestinationHealth } from "../queries/destinations.ts";
import type { ServiceHealth, ShownCall } from "../queries/services.ts";
import { HEALTH_TEXTS } from "../texts/running.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { formFor } from "../texts/texts.ts";

const STATE_TONES: Readonly<Record<DestinationHealth["state"], Tone>> = {
  fine: "ok",
  failing: "warn",
  paused: "warn",
  disabled: "bad",
};

/** Where events are sent on: how each place fares, and what can be done. */
export function DestinationsPage({ destinations, canAct }: {
  readonly destinations: readonly DestinationHealth[];
  readonly canAct: boolean;
}): JSX.Element {
  const say = useSay(HEALTH_TEXTS);
  const { language } = useReader();
  const count = destinations.filter(({ state }) => state !== "fine").length;
  return (
    <div data-follow>
      <div data-part="destinations">
        <h1>
          {destinations.length === 0
            ? say.noDestinations
            : count === 0
            ? say.destinationsFine
            : formFor(say.destinationsNotFine, count, language).replace("{count}", String(count))}
        </h1>
        <p class="lead">{say.destinationsLead}</p>
        {destinations.length === 0 && (
          <div class="card">
            <A href="/docs/forwarding">{say.howToForward}</A>
          </div>
        )}
        <div class="stack">
          {destinations.map((one) => (
            <DestinationCard key={one.name} destination={one} canAct={canAct} />
          ))}
        </div>
      </div>
    </div>
  );
}

function DestinationCard({ destination, canAct }: {
  readonly destination: DestinationHealth;
  readonly canAct: boolean;
}): JSX.Element {
  const say = useSay(HEALTH_TEXTS);
  const { name, type, target, state, notDone, lastError } = destination;
  const to = (deed: string) => `/destinations/${encodeURIComponent(name)}/${deed}`;
  const values = { back: "/destinations" };
  return (
    <section class="card" data-key={name}>
      <div class="line">
        <h2 class="flat">
          <code>{name}</code>
        </h2>
        <Word tone={STATE_TONES[state]}>{say[state]}</Word>
        <span class="soft">
          {type} · <Outside text={target} most={120} />
        </span>
        {canAct && (
          <span class="push actions">
            {state === "disabled" && (
              <Act to={to("enable")} values={values} isMain>{say.enable}</Act>
            )}
            {state === "paused" && <Act to={to("resume")} values={values} isMain>{say.resume}</Act>}
            {(state === "fine" || state === "failing") && (
              <Act to={to("pause")} values={{ ...values, minutes: "60" }}>{say.pause}</Act>
            )}
            <Act to={to("test")} values={values}>{say.test}</Act>
          </span>
        )}
      </div>
      <p class="fit">
        <Why destination={destination} />{" "}
        {lastError !== null && state !== "fine" && <Outside text={lastError} />}
      </p>
      <p class="fit soft">
        {notDone.waiting + notDone.failed === 0 ? say.nothingWaits : (
          <>
            <A href={`/forwards?state=waiting&destination=${encodeURIComponent(name)}`}>
              <Fill text={say.waiting} count={notDone.waiting} />
            </A>
            {notDone.failed > 0 && (
              <>
                ,{" "}
                <A href={`/forwards?state=failed&destination=${encodeURIComponent(name)}`}>
                  <Fill text={say.failed} count={notDone.failed} />
                </A>
              </>
            )}
          </>
        )}
      </p>
    </section>
  );
}

function Why({ destination }: { readonly destination: DestinationHealth }): ComponentChildren {
  const say = useSay(HEALTH_TEXTS);
  const { paused, disabled, failingSince, failuresInRow, state } = destination;
  if (disabled !== null) {
    const text = disabled.reason === "gone" ? say.gone : say.failingLong;
    return <Fill text={text} time={<Time at={disabled.since} />} />;
  }
  if (paused !== null) {
    const time = <Time at={paused.until} />;
    return paused.isByHand
      ? <Fill text={say.pausedByHand} time={time} />
      : <Fill text={say.pausedItself} time={time} status={String(paused.status)} />;
  }
  if (state !== "failing" || failingSince === null) return null;
  return <Fill text={say.failingSince} count={failuresInRow} time={<Time at={failingSince} />} />;
}

/** Third parties that rules ask. */
export function ServicesPage({ services, canAct }: {
  readonly services: readonly ServiceHealth[];
  readonly canAct: boolean;
}): JSX.Element {
  const say = useSay(HEALTH_TEXTS);
  return (
    <div data-follow>
      <h1>{say.servicesTitle}</h1>
      <p class="lead">{say.servicesLead}</p>
      {services.length === 0 && (
        <div class="card">
          <Empty title={say.noServices}>
            <A href="/docs/services">{say.howToAsk}</A>
          </Empty>
        </div>
      )}
      <div class="stack" data-part="services">
        {services.map((one) => <ServiceCard key={one.name} service={one} canAct={canAct} />)}
      </div>
    </div>
  );
}

function ServiceCard({ service, canAct }: {
  readonly service: ServiceHealth;
  readonly canAct: boolean;
}): JSX.Element {
  const say = useSay(HEALTH_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const { name, url, calls, failures, isLeftAlone, lastCalls } = service;
  const columns: readonly TableColumn<ShownCall>[] = [
    { head: common.time, cell: ({ at }) => <Time at={at} /> },
    {
      head: common.status,
      cell: ({ outcome, status }) => (
        <>
          <Word tone={outcome === "answered" || outcome === "refused" ? "ok" : "warn"}>
            {outcome}
          </Word>{" "}
          <span class="soft">{status}</span>
        </>
      ),
    },
    { head: say.attempts, label: say.attempts, isNumber: true, cell: ({ attempts }) => attempts },
    { head: say.took, isNumber: true, cell: ({ durationMs }) => <Duration ms={durationMs} /> },
  ];
  return (
    <section class="card">
      <div class="line">
        <h2 class="flat">
          <code>{name}</code>
        </h2>
        <Word tone={isLeftAlone ? "bad" : failures > 0 ? "warn" : "ok"}>
          {isLeftAlone ? say.leftAlone : failures > 0 ? say.failing : say.fine}
        </Word>
        <span class="soft">
          <Outside text={url} most={200} />
        </span>
        {canAct && (
          <span class="push actions">
            <Act to={`/services/${encodeURIComponent(name)}/test`} values={{ back: "/services" }}>
              {say.testService}
            </Act>
          </span>
        )}
      </div>
      {calls === 0 ? <p class="soft fit">{say.neverAsked}</p> : (
        <>
          <p class="fit">
            <Fill text={say.calls} count={calls} />,{" "}
            <Fill text={say.ofThemFailed} count={failures} />.
          </p>
          <Table
            columns={columns}
            rows={lastCalls}
            caption={name}
            isDense
            keyOf={({ at }) => at}
          />
        </>
      )}
    </section>
  );
}
