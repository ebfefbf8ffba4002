import type { JSX } from "preact";
import type { RuleTrace } from "../../rules/decision.ts";
import { placeOfField } from "../docs/places.ts";
import { A } from "../parts/links.tsx";
import { Table, type TableColumn } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { cleanText, Outside, Word } from "../parts/values.tsx";
import type { ExplainedDecision } from "../queries/why.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";

/** How far a condition is read in a table. */
const LONGEST_CONDITION = 600;

interface TraceRow extends Omit<RuleTrace, "state"> {
  readonly state: RuleTrace["state"] | "otherwise";
}

/** A decision rule by rule, with what each rule read; the last one decides. */
function DecisionTable({ decision }: { readonly decision: ExplainedDecision }): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const { trace, rule, outcome } = decision;
  const isByRule = trace.some(({ state }) => state === "matched");
  const rows: readonly TraceRow[] = isByRule || rule === null
    ? trace
    : [...trace, { rule, state: "otherwise" }];
  const columns: readonly TableColumn<TraceRow>[] = [
    {
      head: say.ruleHead,
      isName: true,
      isWhole: true,
      cell: ({ rule: name, note }) => (
        <>
          <Outside text={name} />
          {note !== undefined && (
            <div class="small soft">
              <Outside text={note} />
            </div>
          )}
        </>
      ),
    },
    {
      head: say.condition,
      isWhole: true,
      cell: ({ when }) =>
        when === undefined ? null : <code>{cleanText(when.slice(0, LONGEST_CONDITION))}</code>,
    },
    { head: say.read, isWhole: true, cell: ({ values = [] }) => <Values values={values} /> },
    { head: say.result, isWhole: true, cell: (row) => <Result row={row} outcome={outcome} /> },
  ];
  return (
    <Table
      columns={columns}
      rows={rows}
      caption={say.rulesTitle}
      keyOf={({ rule: name }) => name}
      rowClass={({ state }) => state === "matched" || state === "otherwise" ? "decides" : undefined}
    />
  );
}

function Values(
  { values }: { readonly values: NonNullable<RuleTrace["values"]> },
): JSX.Element | null {
  if (values.length === 0) return null;
  return (
    <div class="values">
      {values.map(({ path, value, isDescription }) => (
        <span key={path}>
          <A href={placeOfField(path)}>
            <code>{path}</code>
          </A>{" "}
          {isDescription === true ? "" : "= "}
          <b class="mono">
            {typeof value === "string" && isDescription !== true && value.trim() === ""
              ? JSON.stringify(value)
              : <Outside text={String(value)} most={120} />}
          </b>
        </span>
      ))}
    </div>
  );
}

function Result({ row, outcome }: {
  readonly row: TraceRow;
  readonly outcome: object | null;
}): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  if (row.state === "failed") {
    return (
      <>
        <Word tone="warn">{say.ruleFailed}</Word> <Outside text={row.reason} />
      </>
    );
  }
  if (row.state === "not matched") return <span class="soft">{say.notMatched}</span>;
  return (
    <>
      <Word tone="ok">{say.decides}</Word> <code>{cleanText(JSON.stringify(outcome))}</code>
    </>
  );
}

/** So many subjects are shown rule by rule; an order may have thousands of items. */
const MOST_DECISIONS = 20;

/** Decisions rule by rule, each subject on its own. */
export function Decisions(
  { decisions, count = decisions.length }: {
    readonly decisions: readonly ExplainedDecision[];
    /** How many there are, where these are the first of them. */
    readonly count?: number;
  },
): JSX.Element | null {
  const say = useSay(DELIVERY_TEXTS);
  const common = useSay(COMMON_TEXTS);
  if (decisions.length === 0) return null;
  return (
    <>
      {decisions.slice(0, MOST_DECISIONS).map((decision, index) => (
        <section key={index}>
          <h2>
            {decision.subject === undefined
              ? say.rulesTitle
              : <Fill text={say.rulesOf} item={decision.subject} />}
          </h2>
          <div class="card flush">
            <DecisionTable decision={decision} />
          </div>
        </section>
      ))}
      {count > MOST_DECISIONS && (
        <p class="soft">
          <Fill text={common.moreShown} shown={MOST_DECISIONS} all={count} />
        </p>
      )}
    </>
  );
}
