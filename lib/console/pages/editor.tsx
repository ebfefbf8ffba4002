import type { JSX } from "preact";
import type { EditorView } from "../editing/editor.ts";
import type { JudgedDraft } from "../editing/draft.ts";
import { placeOfSetting } from "../docs/places.ts";
import { A, Form } from "../parts/links.tsx";
import { Notice } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { cleanText, Outside, Word } from "../parts/values.tsx";
import type { ShownMistake } from "../queries/config.ts";
import { CONFIG_TEXTS } from "../texts/deciding.ts";
import { EDITOR_TEXTS } from "../texts/editing.ts";
import { SHELL_TEXTS } from "../texts/shell.ts";
import { LineDifference } from "./difference.tsx";
import { BesideDraft, TriedDraft } from "./trial.tsx";

const SPANS = [7, 30, 90, 365] as const;

/** The rules of an endpoint as a text that is checked, tried, and saved only then. */
export function EditorPage({ view, query }: {
  readonly view: EditorView;
  readonly query: URLSearchParams;
}): JSX.Element {
  const say = useSay(EDITOR_TEXTS);
  const shell = useSay(SHELL_TEXTS);
  const { endpoint, rules, lines, vocabulary } = view;
  const isSame = lines.every(({ kind }) => kind === "same");
  return (
    <>
      <p class="crumb">
        <A href={`/rules${endpoint}`}>{shell.rules}</A>
      </p>
      <h1>
        <Fill text={say.title} endpoint={endpoint} />
      </h1>
      <p class="lead">{say.lead}</p>
      <div data-part="told">
        <Told view={view} />
      </div>
      <div class="two">
        <Form
          class="editor"
          id="editor"
          method="post"
          action={`/rules-edit${endpoint}`}
          data-vocabulary={JSON.stringify(vocabulary)}
          data-unheard={say.notChecked}
        >
          <label for="rules">{say.label}</label>
          <textarea
            id="rules"
            name="rules"
            rows={Math.min(40, Math.max(12, rules.split("\n").length + 1))}
            spellcheck={false}
            autocomplete="off"
            dir="ltr"
          >
            {rules}
          </textarea>
          <div class="actions">
            <button type="submit" name="action" value="check">{say.check}</button>
            <button type="submit" name="action" value="backtest" class="main">{say.tryIt}</button>
            <label class="inline">
              {say.since}
              <select name="since">
                {SPANS.map((days) => (
                  <option
                    key={days}
                    value={`${days}d`}
                    selected={(query.get("since") ?? "30d") === `${days}d`}
                  >
                    {say.days.replace("{count}", String(days))}
                  </option>
                ))}
              </select>
            </label>
            <A class="plain button" href="/docs/rules" target="_blank">{shell.docs}</A>
          </div>
        </Form>
        <div class="stack">
          <div data-part="state">
            <input form="editor" type="hidden" name="fingerprint" value={view.fingerprint} />
          </div>
          <div class="stack" data-part="judged" aria-live="polite">
            {view.isBeingJudged
              ? <p class="soft" data-pending>{say.beingJudged}</p>
              : <Judged judged={view.judged} />}
          </div>
          <div data-part="beside">
            <BesideDraft view={view} />
          </div>
        </div>
      </div>
      <div data-part="tried">
        <TriedDraft view={view} canSave={!isSame} />
      </div>
      <div data-part="changes">
        <h2>{say.changes}</h2>
        {isSame
          ? <p class="soft">{say.noChanges}</p>
          : <LineDifference lines={lines} label={say.changes} />}
      </div>
    </>
  );
}

/** What became of saving, and of the file meanwhile. */
function Told({ view }: { readonly view: EditorView }): JSX.Element | null {
  const say = useSay(EDITOR_TEXTS);
  const { endpoint, saved, refused, isChanged, backtest } = view;
  if (saved !== null) {
    return (
      <div class="ask" role="status">
        <Notice tone={saved.isServed ? "ok" : "warn"}>
          <p>
            <b>{saved.isServed ? say.saved : say.savedNotServed}</b>{" "}
            {!saved.isServed && <A href="/config">{say.whyNot}</A>}{" "}
            <A href={`/config/versions/${encodeURIComponent(saved.kept)}`}>{say.keptBefore}</A>
          </p>
        </Notice>
      </div>
    );
  }
  if (refused === null && !isChanged) return null;
  return (
    <div class="ask">
      <Notice tone={backtest === null ? "bad" : "warn"}>
        {isChanged
          ? (
            <p>
              {say.changedMeanwhile} {backtest === null && say.tryAgain}{" "}
              <A href={`/rules-edit${endpoint}`}>{say.theirs}</A>
            </p>
          )
          : (
            <p>
              <Fill text={say.notSaved} reason={<Outside text={refused} most={1000} />} />
            </p>
          )}
      </Notice>
    </div>
  );
}

function Judged({ judged }: { readonly judged: JudgedDraft }): JSX.Element {
  const say = useSay(EDITOR_TEXTS);
  const config = useSay(CONFIG_TEXTS);
  const { mistakes, others, warnings, tests } = judged;
  const count = mistakes.length + others.length;
  return (
    <>
      <h2 class="flat">
        {count === 0
          ? <Word tone="ok">{say.noMistakes}</Word>
          : <Fill text={config.mistakes} count={count} />}{" "}
        {tests.passed > 0 && (
          <span class="small soft">
            <Fill text={say.tests} count={tests.passed} />
          </span>
        )}
      </h2>
      <ul class="stack" lang="en">
        {mistakes.map((one, index) => <Mistake key={index} mistake={one} tone="bad" />)}
        {others.map((one, index) => <Mistake key={index} mistake={one} tone="bad" isElsewhere />)}
        {warnings.map((one, index) => <Mistake key={index} mistake={one} tone="warn" />)}
      </ul>
    </>
  );
}

function Mistake({ mistake, tone, isElsewhere = false }: {
  readonly mistake: ShownMistake;
  readonly tone: "bad" | "warn";
  readonly isElsewhere?: boolean;
}): JSX.Element {
  const say = useSay(EDITOR_TEXTS);
  const { path, line, column, message, hint } = mistake;
  const isPlaced = !isElsewhere && line !== null;
  return (
    <li
      data-mistake={isPlaced ? tone : undefined}
      data-line={isPlaced ? line : undefined}
      data-column={isPlaced ? column ?? 1 : undefined}
      data-message={isPlaced ? cleanText([message, hint ?? ""].join("\n").trim()) : undefined}
    >
      {/* It changes as somebody writes: it is told politely, not as an alarm. */}
      <div class={`notice ${tone}`}>
        <div>
          <p>
            <span class="soft">
              {isPlaced
                ? <Fill text={say.place} line={line} column={column ?? 1} />
                : say.elsewhere}
            </span>{" "}
            {/* A text that is no JSON has no settings. What is written stays where it is. */}
            {path !== "" && (
              <A href={placeOfSetting(path)} target="_blank">
                <code>{cleanText(path)}</code>
              </A>
            )} <Outside text={message} most={1000} />
          </p>
          {hint !== null && (
            <p class="soft">
              <Outside text={hint} most={1000} />
            </p>
          )}
        </div>
      </div>
    </li>
  );
}
