/** Pages: what routes give, as HTML. */
import type { ComponentChildren } from "preact";
import { writeDocument } from "../parts/document.tsx";
import { Done } from "../parts/done.tsx";
import { seesPeople } from "../privacy/policy.ts";
import { surroundingsForViewers } from "../privacy/running.ts";
import { VERSIONS_TEXTS } from "../texts/changing.ts";
import { CONFIG_TEXTS, DOCTOR_TEXTS } from "../texts/deciding.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { ENTRANCE_TEXTS } from "../texts/entrance.ts";
import { SHELL_TEXTS } from "../texts/shell.ts";
import { type Say, sayIn } from "../texts/texts.ts";
import { AuditPageView } from "./audit.tsx";
import { RotationPage, VersionPage, VersionsPage } from "./changing.tsx";
import { ConfigPage } from "./config.tsx";
import { ConfirmPage } from "./confirm.tsx";
import { DecidedPage, PinnedPage } from "./decided.tsx";
import { DeliveriesPage } from "./deliveries.tsx";
import { OneDelivery } from "./delivery.tsx";
import { DocPage, DocsPage } from "./docs.tsx";
import { DoctorPage } from "./doctor.tsx";
import { ErrorPage, LoginPage, SignedOutPage } from "./entrance.tsx";
import { EditorPage } from "./editor.tsx";
import { EventsPage, OneEvent, OneForward } from "./events.tsx";
import { FindingPage } from "./finding.tsx";
import { ForwardsPage } from "./forwards.tsx";
import { DestinationsPage, ServicesPage } from "./health.tsx";
import { KeysPage } from "./keys.tsx";
import { OverviewPage } from "./overview.tsx";
import type { PageData, PageName, PagePlace } from "./page_data.ts";
import { RulesPage } from "./rules.tsx";

/** A page, and what it is called. */
interface Written {
  readonly title: string;
  readonly page: ComponentChildren;
  /** Whether nothing stands around it. */
  readonly isAlone?: boolean;
  /** What it loads beside what every page does. */
  readonly island?: "editor";
}

interface WriterTools extends PagePlace {
  readonly query: URLSearchParams;
  readonly say: Say<typeof SHELL_TEXTS>;
  readonly seesPeople: boolean;
  readonly canAct: boolean;
  readonly canChange: boolean;
}

type Writer<Name extends PageName> = (data: PageData[Name], tools: WriterTools) => Written;

const WRITERS: { readonly [Name in PageName]: Writer<Name> } = {
  login: (data, { viewer }) => ({
    title: sayIn(ENTRANCE_TEXTS, viewer.language).signIn,
    page: <LoginPage {...data} />,
    isAlone: true,
  }),
  signedOut: (data, { viewer }) => ({
    title: sayIn(ENTRANCE_TEXTS, viewer.language).signedOut,
    page: <SignedOutPage {...data} />,
    isAlone: true,
  }),
  error: (data, { viewer, say }) => ({
    title: data.status === 404 ? say.notHere : say.wentWrong,
    page: <ErrorPage {...data} />,
    isAlone: viewer.name === undefined,
  }),
  overview: (view, { say, canAct }) => ({
    title: say.overview,
    page: <OverviewPage view={view} canAct={canAct} />,
  }),
  deliveries: (list, { say, ...tools }) => ({
    title: say.deliveries,
    page: <DeliveriesPage view={{ ...tools, list }} />,
  }),
  delivery: (delivery, { say, ...tools }) => ({
    title: delivery.brief.orders?.[0] ?? say.deliveries,
    page: <OneDelivery view={{ ...tools, delivery }} />,
  }),
  finding: (refused, { viewer }) => ({
    title: sayIn(DELIVERY_TEXTS, viewer.language).signatureTitle,
    page: <FindingPage refused={refused} />,
  }),
  decided: (view, { viewer }) => ({
    title: sayIn(DELIVERY_TEXTS, viewer.language).again,
    page: <DecidedPage view={view} />,
  }),
  pinned: (pinned, { viewer }) => ({
    title: sayIn(DELIVERY_TEXTS, viewer.language).pinned,
    page: <PinnedPage pinned={pinned} />,
  }),
  events: (list, { say, ...tools }) => ({
    title: say.events,
    page: <EventsPage view={{ ...tools, list }} />,
  }),
  event: (event, { say, ...tools }) => ({
    title: say.events,
    page: <OneEvent {...tools} event={event} />,
  }),
  forwards: (list, { say, ...tools }) => ({
    title: say.forwards,
    page: <ForwardsPage view={{ ...tools, ...list }} />,
  }),
  forward: (forward, { say, canAct }) => ({
    title: say.forwards,
    page: <OneForward forward={forward} canAct={canAct} />,
  }),
  confirm: (data, { say }) => ({ title: say.forwards, page: <ConfirmPage {...data} /> }),
  destinations: ({ destinations }, { say, canAct }) => ({
    title: say.destinations,
    page: <DestinationsPage destinations={destinations} canAct={canAct} />,
  }),
  services: ({ services }, { say, canAct }) => ({
    title: say.services,
    page: <ServicesPage services={services} canAct={canAct} />,
  }),
  rules: (view, { say, ...tools }) => ({
    title: say.rules,
    page: <RulesPage view={view} {...tools} />,
  }),
  editor: (view, { say, query }) => ({
    title: say.rules,
    page: <EditorPage view={view} query={query} />,
    island: "editor",
  }),
  config: (view, { viewer, canChange }) => ({
    title: sayIn(CONFIG_TEXTS, viewer.language).file,
    page: <ConfigPage view={view} canChange={canChange} />,
  }),
  versions: (view, { viewer }) => ({
    title: sayIn(VERSIONS_TEXTS, viewer.language).title,
    page: <VersionsPage {...view} />,
  }),
  version: (version, { viewer }) => ({
    title: sayIn(VERSIONS_TEXTS, viewer.language).title,
    page: <VersionPage version={version} />,
  }),
  keys: ({ keys }, { say, canChange }) => ({
    title: say.keys,
    page: <KeysPage keys={keys} canChange={canChange} />,
  }),
  rotation: (rotation, { say }) => ({
    title: say.keys,
    page: <RotationPage rotation={rotation} />,
  }),
  doctor: (view, { viewer, query }) => ({
    title: sayIn(DOCTOR_TEXTS, viewer.language).title,
    page: <DoctorPage view={view} query={query} />,
  }),
  audit: ({ entries, next }, { say, query }) => ({
    title: say.audit,
    page: <AuditPageView entries={entries} next={next} query={query} />,
  }),
  docs: (data, { say, query }) => ({
    title: say.docs,
    page: <DocsPage {...data} query={query.get("q") ?? ""} />,
  }),
  doc: (doc) => ({ title: doc.title, page: <DocPage doc={doc} /> }),
};

/**
 * Renders a page.
 *
 * @param name Which page.
 * @param data What it shows.
 * @param place Who looks, and where.
 * @returns HTML.
 */
export function renderPage<Name extends PageName>(
  name: Name,
  data: PageData[Name],
  place: PagePlace,
): string {
  const { viewer, at } = place;
  const { language, base, name: user, role } = viewer;
  const isForPeople = role !== undefined && seesPeople(role);
  const around = isForPeople ? place.around : surroundingsForViewers(place.around);
  const query = at.searchParams;
  const { title, page, isAlone = false, island } = WRITERS[name](data, {
    ...{ ...place, around, query },
    say: sayIn(SHELL_TEXTS, language),
    seesPeople: isForPeople,
    canAct: role === "operator" || role === "admin",
    canChange: role === "admin",
  });
  const withRules = around.endpoints.find(({ rules }) => rules.length > 0) ?? around.endpoints[0];
  const frame = {
    reader: { language, base, timeZone: around.timeZone, now: around.now },
    readiness: around.readiness,
    // The editor of rules belongs to them.
    path: at.pathname.replace(/^\/rules-edit\//, "/rules/"),
    island,
    leads: withRules === undefined ? {} : { "/rules": `/rules${withRules.path}` },
    ...(user === undefined || role === undefined ? {} : { user: { name: user, role } }),
  };
  return writeDocument(
    frame,
    title,
    <>
      <Done query={query} />
      {page}
    </>,
    isAlone,
  );
}
