import type { JSX } from "preact";
import { A } from "../parts/links.tsx";
import { Empty, Pager, Table, type TableColumn } from "../parts/parts.tsx";
import { useSay } from "../parts/reader.tsx";
import { Outside, Time } from "../parts/values.tsx";
import { ACTION_TEXTS } from "../texts/audit.ts";
import { ENTRANCE_TEXTS } from "../texts/entrance.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";

/** An entry of the audit, as it is shown. */
export interface ShownAudit {
  readonly seq: number;
  readonly at: string | null;
  readonly who: string;
  readonly by: string;
  readonly address: string;
  readonly action: string;
  readonly target: string;
  readonly result: string;
}

/** What an entry is about is a page, where it is the id of something. */
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Who did what, newest first. */
export function AuditPageView({ entries, next, query }: {
  readonly entries: readonly ShownAudit[];
  readonly next: string | null;
  readonly query: URLSearchParams;
}): JSX.Element {
  const say = useSay(ENTRANCE_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const columns: readonly TableColumn<ShownAudit>[] = [
    { head: common.time, cell: ({ at }) => <Time at={at ?? ""} /> },
    {
      head: say.who,
      isName: true,
      cell: ({ who, by }) => (
        <>
          {who === "" ? <span class="soft">{say.nobody}</span> : <Outside text={who} most={80} />}
          {" "}
          <span class="soft small">{by}</span>
        </>
      ),
    },
    { head: say.what, cell: ({ action }) => <Action action={action} /> },
    {
      head: say.target,
      isRoomy: true,
      cell: ({ target, action }) => <Target target={target} action={action} />,
    },
    {
      head: say.outcome,
      isRoomy: true,
      cell: ({ result }) => <Outside text={result} most={120} />,
    },
    {
      head: common.from,
      cell: ({ address }) => (
        <span class="soft">
          <Outside text={address} most={60} />
        </span>
      ),
    },
  ];
  return (
    <>
      <h1>{say.auditTitle}</h1>
      <p class="lead">{say.auditLead}</p>
      <div class="card flush">
        {entries.length === 0 ? <Empty title={say.noAudit} /> : (
          <Table
            columns={columns}
            rows={entries}
            caption={say.auditTitle}
            isDense
            keyOf={({ seq }) => String(seq)}
          />
        )}
      </div>
      <Pager path="/audit" query={query} next={next} />
    </>
  );
}

/** One that the program knows is told in the reader's language; that of a later version is not. */
function Action({ action }: Pick<ShownAudit, "action">): JSX.Element {
  const say = useSay(ACTION_TEXTS);
  return isKnown(action) ? <>{say[action]}</> : <Outside text={action} most={80} />;
}

function isKnown(action: string): action is keyof typeof ACTION_TEXTS {
  return Object.hasOwn(ACTION_TEXTS, action);
}

function Target(
  { target, action }: Pick<ShownAudit, "target" | "action">,
): JSX.Element | null {
  const room = /deliver|body|answer|signature|decide|pin/.test(action)
    ? "deliveries"
    : /event|payload/.test(action)
    ? "events"
    : /forward/.test(action)
    ? "forwards"
    : undefined;
  if (room === undefined || !ID.test(target)) return <Outside text={target} most={120} />;
  return (
    <A href={`/${room}/${target}`}>
      <code>{target}</code>
    </A>
  );
}
