import { hash } from "../hash.ts";

/** The style of the page: light and dark, from 320 px on, and on paper. */
export const PAGE_STYLE = `
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
