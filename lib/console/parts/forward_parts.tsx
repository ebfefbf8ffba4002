/** How forwards and their attempts are shown, wherever they are. */
import type { JSX } from "preact";
import type { ForwardState } from "../../forward/outbox.ts";
import type { ForwardRow, ForwardWithHistory } from "../reader/rows.ts";
import { DELIVERIES_TEXTS } from "../texts/deliveries.ts";
import { EVENT_TEXTS, FORWARD_TEXTS } from "../texts/forwards.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { Fill, useReader, useSay } from "./reader.tsx";
import { Table, type TableColumn } from "./parts.tsx";
import { Duration, Outside, Time, type Tone, Word } from "./values.tsx";

const STATE_TONES: Readonly<Record<ForwardState, Tone>> = {
  waiting: "warn",
  delivered: "ok",
  failed: "bad",
  cancelled: "quiet",
};

/** Where a forward stands, in a word. */
export function StateWord({ state }: { readonly state: ForwardState }): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  return <Word tone={STATE_TONES[state]}>{say[state]}</Word>;
}

/** What came of an attempt: the receiver's status, or what went wrong. */
export function AttemptWords({ attempt }: {
  readonly attempt: Pick<ForwardWithHistory["history"][number], "status" | "error">;
}): JSX.Element {
  const say = useSay(FORWARD_TEXTS);
  const { status, error } = attempt;
  if (error !== null) return <Outside text={error} />;
  return status === null ? <>{say.done}</> : <Fill text={say.answered} status={String(status)} />;
}

/** When a forward is tried next; that a worker has it; or nothing, when it is not. */
export function NextTry({ forward: { dueAt, leasedUntil } }: {
  readonly forward: Pick<ForwardRow, "dueAt" | "leasedUntil">;
}): JSX.Element | null {
  const say = useSay(FORWARD_TEXTS);
  const { now } = useReader();
  if (leasedUntil !== null) return <>{say.inWork}</>;
  if (dueAt === null) return null;
  return Date.parse(dueAt) <= now ? <>{say.due}</> : <Time at={dueAt} form="away" />;
}

/** Every attempt that is kept, oldest first. */
export function Attempts({ history }: {
  readonly history: ForwardWithHistory["history"];
}): JSX.Element {
  const say = useSay(EVENT_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const forward = useSay(FORWARD_TEXTS);
  const deliveries = useSay(DELIVERIES_TEXTS);
  if (history.length === 0) return <p class="soft">{say.noAttempt}</p>;
  const columns: readonly TableColumn<ForwardWithHistory["history"][number]>[] = [
    { head: common.time, cell: ({ startedAt }) => <Time at={startedAt ?? ""} form="exact" /> },
    {
      head: deliveries.took,
      isNumber: true,
      cell: ({ durationMs }) => <Duration ms={durationMs} />,
    },
    {
      head: forward.result,
      isWhole: true,
      cell: (attempt) =>
        attempt.error === null
          ? (
            <Word tone="ok">
              <AttemptWords attempt={attempt} />
            </Word>
          )
          : <AttemptWords attempt={attempt} />,
    },
  ];
  return (
    <Table
      columns={columns}
      rows={history}
      caption={say.attempts}
      keyOf={({ startedAt }) => startedAt ?? ""}
    />
  );
}
