import type { Language } from "../http/problem/messages/messages.ts";
import { markup } from "./escape.ts";
import { PAGE_STYLE } from "./style.ts";
import { PAGE_TEXTS } from "./texts.ts";

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
