/// <reference lib="dom" />
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import {
  HighlightStyle,
  StreamLanguage,
  type StringStream,
  syntaxHighlighting,
} from "@codemirror/language";
import { tags } from "@lezer/highlight";

/** Where the reader of tokens is. */
interface Reading {
  /** Within a comment of several lines. */
  isComment: boolean;
  /** Within a condition, which is a text of JSON with an expression in it. */
  isExpression: boolean;
  /** The setting whose value comes next. */
  setting: string;
}

/** Settings that hold an expression. */
const EXPRESSIONS = /^(?:when|defines?|.*Expression)$/;
const WORDS = /^(?:true|false|null|in)$/;

function readToken(stream: StringStream, reading: Reading): string | null {
  if (reading.isComment) {
    reading.isComment = !stream.match(/.*?\*\//);
    if (reading.isComment) stream.skipToEnd();
    return "comment";
  }
  if (stream.sol()) reading.isExpression = false;
  if (reading.isExpression) return readExpression(stream, reading);
  if (stream.eatSpace()) return null;
  if (stream.match("//")) {
    stream.skipToEnd();
    return "comment";
  }
  if (stream.match("/*")) {
    reading.isComment = true;
    return "comment";
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"(?=\s*:)/)) {
    reading.setting = stream.current().slice(1, -1);
    return "propertyName";
  }
  if (EXPRESSIONS.test(reading.setting) && stream.match('"')) {
    reading.isExpression = true;
    return "string";
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
  if (stream.match(/^-?\d[\d.eE+-]*/)) return "number";
  if (stream.match(/^\w+/)) return WORDS.test(stream.current()) ? "keyword" : "invalid";
  stream.next();
  return "punctuation";
}

function readExpression(stream: StringStream, reading: Reading): string | null {
  if (stream.match('"')) {
    reading.isExpression = false;
    return "string";
  }
  if (stream.eatSpace()) return null;
  if (stream.match(/^(?:'(?:[^'"\\]|\\.)*'?|\\"(?:[^"\\]|\\[^"])*(?:\\")?)/)) return "string";
  if (stream.match(/^\d[\d.]*/)) return "number";
  if (stream.match(/^[A-Za-z_]\w*/)) {
    if (WORDS.test(stream.current())) return "keyword";
    return stream.peek() === "(" ? "function" : "variableName";
  }
  if (stream.match(/^[<>=!&|+\-*\/%?:]+/)) return "operator";
  stream.next();
  return "punctuation";
}

const language = StreamLanguage.define<Reading>({
  name: "rules",
  startState: () => ({ isComment: false, isExpression: false, setting: "" }),
  copyState: (reading) => ({ ...reading }),
  token: readToken,
  tokenTable: { function: tags.function(tags.variableName) },
  languageData: { commentTokens: { line: "//" }, closeBrackets: { brackets: ["(", "[", "{"] } },
});

/** Colours of the page, which stand for light and dark. */
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: tags.propertyName, color: "var(--ink)" },
  { tag: tags.string, color: "var(--ok)" },
  { tag: tags.number, color: "var(--warn)" },
  { tag: [tags.variableName, tags.function(tags.variableName)], color: "var(--accent)" },
  { tag: tags.keyword, color: "var(--warn)", fontWeight: "600" },
  { tag: tags.invalid, color: "var(--bad)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--card)", fontSize: ".87rem" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55", minHeight: "12rem" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderInlineStartColor: "var(--ink)" },
  ".cm-gutters": {
    backgroundColor: "var(--code)",
    color: "var(--soft)",
    borderInlineEnd: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--hover)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "var(--strong-line)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-soft)" },
  ".cm-tooltip": {
    backgroundColor: "var(--card)",
    color: "var(--ink)",
    border: "1px solid var(--strong-line)",
    borderRadius: ".4rem",
    maxWidth: "min(40rem, 90vw)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: ".82rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--accent-soft)",
    color: "var(--ink)",
  },
  ".cm-completionDetail": { color: "var(--soft)" },
  ".cm-diagnostic": { padding: ".4rem .7rem", whiteSpace: "pre-wrap" },
  ".cm-diagnostic-error": { borderInlineStartColor: "var(--bad)" },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad)",
    textUnderlineOffset: "3px",
  },
  ".cm-lintRange-warning": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--warn)",
    textUnderlineOffset: "3px",
  },
});

/** JSON with comments whose conditions are expressions, in the colours of the page. */
export function rulesLanguage(): readonly Extension[] {
  return [language, syntaxHighlighting(colours), look];
}
