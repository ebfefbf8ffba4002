import type { JSX } from "preact";
import type { DecidedSide } from "../editing/beside.ts";
import type { EditorView } from "../editing/editor.ts";
import type { BacktestedDraft, ChangedRule } from "../editing/trial.ts";
import { A } from "../parts/links.tsx";
import { Notice, Table, type TableColumn } from "../parts/parts.tsx";
import { Fill, useNumber, useReader, useSay } from "../parts/reader.tsx";
import { AnswerSentence, ReasonSentence } from "../parts/sentence.tsx";
import { Outside, Time } from "../parts/values.tsx";
import { EDITOR_TEXTS } from "../texts/editing.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";

/** One delivery: what it was answered, and what it would be by the text that is edited. */
export function BesideDraft({ view }: { readonly view: EditorView }): JSX.Element {
  const say = useSay(EDITOR_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const { beside } = view;
  return (
    <section class="card stack">
      <h2 class="flat">{beside === null ? say.noneBeside : say.beside}</h2>
      {beside !== null && (
        <>
          <p class="small soft">
            <A href={`/deliveries/${beside.id}`}>
              <code>{beside.id}</code>
            </A>{" "}
            <Time at={beside.receivedAt} />
          </p>
          <Side title={say.then} side={beside.then} kind={beside.kind} />
          {beside.now === null
            ? (
              <div>
                <div class="label">{say.now}</div>
                {say.nowUnknown}
              </div>
            )
            : beside.isOther
            ? <Side title={say.now} side={beside.now} kind={beside.kind} isOther />
            : (
              <div>
                <div class="label">{say.now}</div>
                {say.nowSame}
              </div>
            )}
        </>
      )}
      <div class="line low">
        <span class="grow">
          <label for="delivery">{say.otherDelivery}</label>
          <input
            id="delivery"
            form="editor"
            name="delivery"
            class="mono"
            dir="ltr"
            autocomplete="off"
            spellcheck={false}
            value={beside?.id ?? ""}
          />
        </span>
        <button type="submit" form="editor" name="action" value="check">{common.show}</button>
      </div>
    </section>
  );
}

function Side({ title, side, kind, isOther = false }: {
  readonly title: string;
  readonly side: DecidedSide;
  readonly kind: string;
  readonly isOther?: boolean;
}): JSX.Element {
  const { status, brief, decisions } = side;
  const [first] = decisions;
  const delivery = { kind, status: status ?? 200, verifiedBy: "", decisions, brief };
  return (
    <div class={isOther ? "notice warn" : undefined}>
      <div>
        <div class="label">{title}</div>
        <p class="fit">
          <b>
            <AnswerSentence delivery={delivery} />
          </b>
        </p>
        {first !== undefined && (
          <p class="fit">
            <ReasonSentence decision={first} brief={brief} rules={first.trace.length} />
          </p>
        )}
      </div>
    </div>
  );
}

/** What the text would have changed; what it says is true of this very text, which can be saved. */
export function TriedDraft({ view, canSave }: {
  readonly view: EditorView;
  readonly canSave: boolean;
}): JSX.Element | null {
  const say = useSay(EDITOR_TEXTS);
  const { backtest } = view;
  if (backtest === null) return null;
  const { decided, otherAnswer, otherRule, wouldAsk, byRule, examples, money, receipt } = backtest;
  const isQuiet = otherAnswer === 0 && wouldAsk === 0;
  return (
    <section class="stack">
      <h2>
        {decided === 0
          ? say.nothingRecorded
          : otherAnswer === 0
          ? <Fill text={say.triedSame} count={decided} />
          : <Fill text={say.triedOther} count={otherAnswer} decided={decided} />}
      </h2>
      {Object.keys(money).length > 0 && (
        <p>
          <Fill text={say.standFor} money={<Money money={money} />} />
        </p>
      )}
      {otherRule > 0 && (
        <p>
          <Fill text={say.otherRule} count={otherRule} />
        </p>
      )}
      {wouldAsk > 0 && (
        <p>
          <Fill text={say.wouldAsk} count={wouldAsk} />
        </p>
      )}
      {byRule.length > 0 && <ByRule byRule={byRule} />}
      {examples.length > 0 && <Examples examples={examples} />}
      {canSave && (
        <Notice
          tone={isQuiet ? "ok" : "warn"}
          actions={
            <>
              <input form="editor" type="hidden" name="receipt" value={receipt} />
              <button type="submit" form="editor" name="action" value="save" class="main">
                {say.save}
              </button>
            </>
          }
        >
          <p>{say.keptBefore}</p>
        </Notice>
      )}
    </section>
  );
}

function Money({ money }: { readonly money: Readonly<Record<string, string>> }): JSX.Element {
  const { language } = useReader();
  const format = new Intl.NumberFormat(language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return (
    <b>
      {Object.entries(money).map(([currency, amount]) =>
        `${format.format(Number(amount))} ${currency}`
      )
        .join(", ")}
    </b>
  );
}

function ByRule({ byRule }: { readonly byRule: readonly ChangedRule[] }): JSX.Element {
  const say = useSay(EDITOR_TEXTS);
  const number = useNumber();
  const columns: readonly TableColumn<ChangedRule>[] = [
    {
      head: say.ruleThen,
      label: say.ruleThen,
      isName: true,
      cell: ({ then }) => <Outside text={then} />,
    },
    { head: say.ruleNow, label: say.ruleNow, cell: ({ now }) => <Outside text={now} /> },
    {
      head: say.orders,
      label: say.orders,
      isNumber: true,
      cell: ({ count }) => number(count),
    },
    {
      head: say.money,
      label: say.money,
      isNumber: true,
      cell: ({ money }) => <Money money={money} />,
    },
  ];
  return (
    <div class="card flush">
      <Table
        columns={columns}
        rows={byRule}
        caption={say.changes}
        keyOf={({ then, now }) => `${then} → ${now}`}
      />
    </div>
  );
}

function Examples({ examples }: Pick<BacktestedDraft, "examples">): JSX.Element {
  const say = useSay(EDITOR_TEXTS);
  return (
    <div>
      <h3>{say.examples}</h3>
      <ul class="card stack">
        {examples.map(({ id, receivedAt, total, then, now }) => (
          <li class="line" key={id}>
            <A href={`/deliveries/${id}`}>
              <Time at={receivedAt} />
            </A>
            <Outside text={total} />
            <span class="push">
              <Outside text={then.rules[0]?.rule ?? "–"} /> →{" "}
              <Outside text={now.rules[0]?.rule ?? "–"} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
