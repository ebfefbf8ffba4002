/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { writeTimes } from "./times.ts";

/** So many rows are as many as a page has: then whoever reads decides. */
const ENOUGH_ROWS = 50;

/**
 * Looks further by itself where the server stopped because its time was up, and puts what is found
 * below what is there. Each part is a page that the server writes; it has as long a rest as it took.
 */
export async function lookFurther(): Promise<void> {
  const progress = document.querySelector<HTMLElement>("[data-further]");
  const list = document.querySelector<HTMLElement>('[data-part="rows"]');
  if (progress === null || list === null) return;
  for (;;) {
    const link = progress.querySelector<HTMLAnchorElement>("a[data-look]");
    if (link === null || list.querySelectorAll("[data-key]").length >= ENOUGH_ROWS) return;
    await isSeen();
    const begun = performance.now();
    const response = await fetch(link.href, { headers: { "Accept": "text/html" } });
    // The link stays for who wants to try again.
    if (!response.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of page.querySelectorAll<HTMLElement>('[data-part="rows"], [data-further]')) {
      writeTimes(part);
    }
    append(list, page.querySelector<HTMLElement>('[data-part="rows"]'));
    progress.replaceChildren(...page.querySelector("[data-further]")?.childNodes ?? []);
    // The newest are here, above what was found.
    if (!new URL(location.href).searchParams.has("cursor")) {
      progress.querySelector("[data-newest]")?.remove();
    }
    await new Promise((resolve) => setTimeout(resolve, performance.now() - begun));
  }
}

function append(list: HTMLElement, more: HTMLElement | null): void {
  list.dataset["looked"] = "";
  const body = list.querySelector("tbody");
  if (body === null) list.replaceChildren(...more?.childNodes ?? []);
  else body.append(...more?.querySelectorAll("tbody > tr") ?? []);
  // What stands further down would go when the newest rows are written again.
  if (list.querySelector("tbody") !== null && list.dataset["grows"] === undefined) {
    delete list.dataset["part"];
  }
}

/** Nothing is looked for while nobody sees it. */
function isSeen(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden) return;
      document.removeEventListener("visibilitychange", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    look();
  });
}
