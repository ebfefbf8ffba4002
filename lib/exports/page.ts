import type { Language } from "../http/problem/messages/messages.ts";
import { formatLocalTime, formatSaved } from "./dates.ts";
import { type Markup, markup } from "./escape.ts";
import { itemTable } from "./item_table.ts";
import type { ShownExport } from "./shown_export.ts";
import { PAGE_STYLE } from "./style.ts";
import { PAGE_TEXTS, type PageTexts } from "./texts.ts";

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

function time(moment: number, language: Language, timeZone: string): Markup {
  const iso = new Date(moment).toISOString();
  return markup`<time datetime="${iso}">${formatSaved(moment, language, timeZone)}</time>`;
}

function fill(text: string, version: number, newest: number): string {
  return text.replace("{version}", String(version)).replace("{newest}", String(newest));
}
