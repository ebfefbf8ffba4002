/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * Waits for what takes the server longer than a page, and puts it in its place: a link with
 * `data-awaited` leads to the page that has it, as the part in which the link stands.
 */
export async function showAwaited(): Promise<void> {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-awaited]")) {
    const part = link.closest<HTMLElement>("[data-part]");
    const response = await fetch(link.href, { headers: { "Accept": "text/html" } })
      .catch(() => undefined);
    // The link stays for who wants to try.
    if (part === null || response?.ok !== true || response.redirected) continue;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.querySelector(`[data-part="${part.dataset["part"]}"]`);
    if (found !== null) part.replaceChildren(...found.childNodes);
  }
}
