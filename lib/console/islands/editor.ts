/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The editor of rules in the browser. What is wrong and what a text would change, the server says:
 * this sends it the form and shows the parts of the page that it gives back.
 */
import { EditorState } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { completeFields, readVocabulary } from "./completing.ts";
import { rulesLanguage } from "./rules_language.ts";
import { writeTimes } from "./times.ts";

/** So long nobody has to type before the server is asked. */
const REST_MS = 400;
/** How long the server is waited for, and when it is asked again where it said nothing. */
const PATIENCE_MS = 30_000;
const AGAIN_MS = 5000;
/** What the server says of a text. That of which file it is stays: another one may stand there by now. */
const PARTS = ["told", "judged", "beside", "tried", "changes"];

const form = document.querySelector<HTMLFormElement>("form.editor");
const area = form?.querySelector("textarea") ?? null;
if (form !== null && area !== null) openEditor(form, area);

/** Asks before what is written is lost: it is in no file, nor on its way there. */
function guardText(form: HTMLFormElement, area: HTMLTextAreaElement): void {
  let isSent = false;
  form.addEventListener("submit", () => isSent = true);
  addEventListener("beforeunload", (event) => {
    const isOther = area.value !== area.defaultValue ||
      document.querySelector("[data-part=changes] .diff") !== null;
    if (isOther && !isSent) event.preventDefault();
  });
}

function openEditor(form: HTMLFormElement, area: HTMLTextAreaElement): void {
  const host = document.createElement("div");
  host.className = "code-editor";
  // Within a shadow its style is made by scripts, which the policy of the page allows; in the page
  // it would be an inline one.
  const root = host.attachShadow({ mode: "open" });
  area.before(host);
  area.hidden = true;
  const label = form.querySelector<HTMLLabelElement>("label[for=rules]");
  const check = createCheck(form, () => showMistakes(view));
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        lintGutter(),
        EditorView.lineWrapping,
        EditorState.tabSize.of(2),
        autocompletion({ override: [completeFields(readVocabulary(form.dataset["vocabulary"]))] }),
        keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, ...lintKeymap]),
        ...rulesLanguage(),
        EditorView.contentAttributes.of({
          "aria-label": label?.textContent ?? "",
          dir: "ltr",
          spellcheck: "false",
        }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (!docChanged) return;
          area.value = state.doc.toString();
          check();
        }),
      ],
    }),
  });
  label?.addEventListener("click", () => view.focus());
  // A place that is told leads there.
  document.addEventListener("click", ({ target }) => {
    const told = target instanceof Element ? target.closest<HTMLElement>("[data-mistake]") : null;
    if (told === null || target instanceof Element && target.closest("a") !== null) return;
    const { from } = rangeOf(view, told);
    view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    view.focus();
  });
  showMistakes(view);
  guardText(form, area);
  // The page did not wait for it.
  if (document.querySelector("[data-part=judged] [data-pending]") !== null) check();
}

/** Asks the server about the text, once it rests; what it said of an older one is not shown. */
function createCheck(form: HTMLFormElement, onShown: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = new AbortController();
  async function ask(): Promise<void> {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) body.append(name, String(value));
    body.set("action", "check");
    body.delete("receipt");
    try {
      // Its buttons are named as its own property is.
      const response = await fetch(form.getAttribute("action") ?? "", {
        ...{ method: "POST", body },
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
        headers: { Accept: "text/html" },
      });
      if (!response.ok || response.redirected) throw new Error("It was not checked");
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
      showParts(fresh);
      onShown();
    } catch {
      // It was asked about a newer text.
      if (signal.aborted) return;
      // What it said of an older text does not hold for this one.
      sayNotChecked(form.dataset["unheard"] ?? "");
      onShown();
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), AGAIN_MS);
    }
  }
  return () => {
    clearTimeout(timer);
    // What was tried was another text.
    document.querySelector("[data-part=tried]")?.replaceChildren();
    timer = setTimeout(() => void ask(), REST_MS);
  };
}

function sayNotChecked(text: string): void {
  const told = document.createElement("p");
  told.className = "notice warn";
  told.textContent = text;
  document.querySelector("[data-part=judged]")?.replaceChildren(told);
}

function showParts(fresh: Document): void {
  for (const name of PARTS) {
    const part = document.querySelector<HTMLElement>(`[data-part="${name}"]`);
    const newer = fresh.querySelector<HTMLElement>(`[data-part="${name}"]`);
    // Who just types there, of which delivery, is left alone.
    if (part === null || newer === null || part.contains(document.activeElement)) continue;
    writeTimes(newer);
    part.replaceChildren(...newer.childNodes);
  }
}

function showMistakes(view: EditorView): void {
  const told = [...document.querySelectorAll<HTMLElement>("[data-mistake]")];
  const diagnostics = told.map((one): Diagnostic => ({
    ...rangeOf(view, one),
    severity: one.dataset["mistake"] === "warn" ? "warning" : "error",
    message: one.dataset["message"] ?? "",
  }));
  view.dispatch(setDiagnostics(view.state, diagnostics.toSorted((a, b) => a.from - b.from)));
}

/** Where a mistake stands: under the word that it names, where it names one of that line. */
function rangeOf(view: EditorView, told: HTMLElement): { from: number; to: number } {
  const { line = "1", column = "1", message = "" } = told.dataset;
  const { doc } = view.state;
  const { from, text } = doc.line(Math.max(1, Math.min(doc.lines, Number(line))));
  const start = Math.max(0, Math.min(text.length, Number(column) - 1));
  for (const [, word = ""] of message.matchAll(/["“'`]([^"“”'`]{1,80})["”'`]/g)) {
    const at = text.indexOf(word, start);
    if (at >= 0) return { from: from + at, to: from + at + word.length };
  }
  const length = /^(?:"(?:[^"\\]|\\.)*"?|[\w.-]+|\S)/.exec(text.slice(start))?.[0].length ?? 0;
  return { from: from + start, to: from + start + length };
}
