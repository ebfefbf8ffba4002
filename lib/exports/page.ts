import { hash } from "../util/hash.ts";
import type { Language } from "../http/problem/problem.ts";
import type { ShownExport } from "./exported_list.ts";
import { itemTable, type Markup, markup } from "./markup.ts";
import { formatLocalTime, formatSaved, PAGE_TEXTS, type PageTexts } from "./texts.ts";

/** What every part of the page is made of. */
interface Page {
  readonly shown: ShownExport;
  /** The number of the newest version. */
  readonly newest: number;
  readonly language: Language;
  /** The IANA name of the zone of its times. */
  readonly timeZone: string;
  readonly texts: PageTexts;
}

/**
 * Writes the page that shows an exported list to the shopper.
 *
 * It needs nothing but itself. Its links lead to its siblings, so that it works behind a proxy that
 * puts a path of its own in front.
 *
 * @param shown The version to show.
 * @param language The language of the page's own texts.
 * @param timeZone The IANA name of the zone of its times.
 * @returns The HTML document.
 */
export async function exportPage(
  shown: ShownExport,
  language: Language,
  timeZone: string,
): Promise<string> {
  const texts = PAGE_TEXTS[language];
  const newest = shown.versions[0]?.version ?? shown.version;
  const page = { shown, newest, language, timeZone, texts };
  const { store, items } = shown.list;
  return markup`<!DOCTYPE html>
<html lang="${language}" dir="${texts.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${store === "" ? texts.title : `${texts.title} – ${store}`}</title>
${{ html: `<style>${PAGE_STYLE}</style>` }}
</head>
<body>
<header>
<h1>${texts.title}</h1>
${whichVersion(page)}
</header>
<main>
${details(page)}
${await itemTable(items, language, texts)}
${downloads(page)}
${allVersions(page)}
</main>
</body>
</html>
`.html;
}

function whichVersion({ shown, newest, texts }: Page): Markup {
  if (shown.version === newest) {
    return markup`<p>${fill(texts.newest, shown.version, newest)}</p>`;
  }
  return markup`<p class="notice">${fill(texts.earlier, shown.version, newest)}
<a href="${shown.token}">${texts.showNewest}</a></p>`;
}

function details({ shown, language, timeZone, texts }: Page): Markup {
  const { store, listId, externalId, modified } = shown.list;
  const rows = [
    [texts.store, store],
    [texts.list, listId],
    [texts.externalId, externalId],
    [texts.modified, formatLocalTime(modified, language)],
  ] as const;
  const given = rows.filter(([, value]) => value !== "");
  return markup`<dl>
${given.map(([name, value]) => markup`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}
<dt>${texts.saved}</dt><dd>${time(shown.savedAt, language, timeZone)}</dd>
</dl>`;
}

function downloads({ shown: { token, version }, texts }: Page): Markup {
  // The version is named, so that what is downloaded is what was on the screen.
  const query = `?version=${version}`;
  return markup`<nav aria-labelledby="download">
<h2 id="download">${texts.download}</h2>
<ul>
<li><a href="${token}.csv${query}" type="text/csv">${texts.csv}</a></li>
<li><a href="${token}.json${query}" type="application/json">${texts.json}</a></li>
</ul>
</nav>`;
}

function allVersions({ shown, newest, language, timeZone, texts }: Page): Markup {
  const entries = shown.versions.map(({ version, savedAt }) => {
    const name = fill(texts.version, version, newest);
    const saved = time(savedAt, language, timeZone);
    if (version === shown.version) return markup`<li>${name}, ${saved} (${texts.shown})</li>`;
    const address = `${shown.token}?version=${version}`;
    return markup`<li><a href="${address}">${name}</a>, ${saved}</li>`;
  });
  return markup`<nav aria-labelledby="versions">
<h2 id="versions">${texts.versions}</h2>
<ul>
${entries}
</ul>
</nav>`;
}

function time(timestamp: number, language: Language, timeZone: string): Markup {
  const iso = new Date(timestamp).toISOString();
  return markup`<time datetime="${iso}">${formatSaved(timestamp, language, timeZone)}</time>`;
}

function fill(text: string, version: number, newest: number): string {
  return text.replace("{version}", String(version)).replace("{newest}", String(newest));
}

/**
 * Writes the page that a shopper sees in place of an exported list.
 *
 * @param message What is wrong, in the language of the page.
 * @param language That language.
 * @returns The HTML document.
 */
export function problemPage(message: string, language: Language): string {
  const { direction, title } = PAGE_TEXTS[language];
  return markup`<!DOCTYPE html>
<html lang="${language}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${{ html: `<style>${PAGE_STYLE}</style>` }}
</head>
<body>
<header>
<h1>${title}</h1>
</header>
<main>
<p class="notice">${message}</p>
</main>
</body>
</html>
`.html;
}

/** The style of the page: light and dark, from 320 px on, and on paper. */
const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --sheet: #ffffff; --text: #1b1d21; --quiet: #565b64; --line: #d5d8de;
  --link: #0b57d0; --error: #b3261e; --warning: #7a4d00; --notice: #fff4d6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #121417; --sheet: #1c1f24; --text: #e8eaed; --quiet: #a9afb9; --line: #3a3f47;
    --link: #8ab4f8; --error: #f6aea9; --warning: #fdd663; --notice: #3a3113;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
header, main { max-width: 64rem; margin-inline: auto; padding-inline: 1rem; }
header { padding-block: 1.5rem 1rem; }
main { padding-block-end: 2rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; }
h2 { margin: 0; font-size: 1.125rem; text-align: start; }
header p { margin: 0; color: var(--quiet); }
section h2 { margin-block-end: 0.5rem; }
section, nav, main > dl {
  margin-block-end: 1rem; padding: 1rem;
  background: var(--sheet); border: 1px solid var(--line); border-radius: 0.5rem;
}
.notice {
  margin-block-start: 0.5rem; padding: 0.75rem 1rem;
  background: var(--notice); color: var(--text); border-radius: 0.5rem;
}
dl {
  display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1.5rem; margin-block-start: 0;
}
dt { color: var(--quiet); }
dd { margin: 0; }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 2px; }
nav ul { margin: 0.5rem 0 0; padding-inline-start: 1.25rem; }
nav li { padding-block: 0.25rem; }
table { width: 100%; border-collapse: collapse; }
th, td {
  padding: 0.5rem 0.75rem; text-align: start; vertical-align: top;
  border-block-end: 1px solid var(--line);
}
thead th { overflow-wrap: normal; color: var(--quiet); font-weight: 600; border-block-end-width: 2px; }
tbody th { font-weight: 600; }
tbody tr:last-child > * { border-block-end: 0; }
tr > :nth-child(4) { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
td ul { margin: 0; padding: 0; list-style: none; }
.error strong { color: var(--error); }
.warning strong { color: var(--warning); }
@media screen and (max-width: 40rem) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-block-end: 0.5rem; }
  table, tbody, tr, tbody th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { padding-block: 0.75rem; border-block-end: 1px solid var(--line); }
  tbody tr:last-child { padding-block-end: 0; border-block-end: 0; }
  tbody th, td, tr > :nth-child(4) { padding: 0.125rem 0; border: 0; text-align: start; }
  td:empty { display: none; }
  td::before { content: attr(data-label) ": "; color: var(--quiet); }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --sheet: #ffffff; --text: #000000; --quiet: #333333; --line: #999999;
    --link: #000000; --error: #000000; --warning: #000000; --notice: #ffffff;
  }
  header, main { max-width: none; padding-inline: 0; }
  section, main > dl, .notice { padding-inline: 0; border: 0; }
  nav { display: none; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
`;

/**
 * Gives the page's `Content-Security-Policy`: nothing is loaded, run, sent or framed, and no style
 * but its own applies.
 *
 * @returns The header's value.
 */
export function pagePolicy(): string {
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash("sha256", PAGE_STYLE).toBase64()}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
