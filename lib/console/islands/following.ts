/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { readCharts } from "./charts.ts";
import { writeTimes } from "./times.ts";

/** How long nothing is fetched after something was: many changes make one. */
const REST_MS = 1000;
/** What takes long is fetched seldom: so many times as long as it took. */
const REST_SHARE = 5;

/**
 * Keeps the parts of a page fresh that the server marks with `data-part`, whenever it says that
 * something came. The server writes them, as it wrote the page: what is shown has one source.
 */
export function followPage(): void {
  const place = document.querySelector<HTMLElement>("[data-follow]");
  if (place === null) return;
  const button = document.querySelector<HTMLButtonElement>("[data-pause]");
  let isPaused = false;
  let isBusy = false;
  let missed = 0;

  async function refresh(): Promise<void> {
    if (isBusy || missed === 0 || isPaused || isHeld() || document.hidden) return;
    isBusy = true;
    missed = 0;
    const begun = performance.now();
    try {
      await renewParts(place?.dataset["from"] ?? location.href);
    } catch {
      // The server is away: the stream begins again by itself, and so does this.
      missed = 1;
    }
    setTimeout(() => {
      isBusy = false;
      void refresh();
    }, Math.max(REST_MS, REST_SHARE * (performance.now() - begun)));
  }

  function tell(): void {
    if (button === null) return;
    button.setAttribute("aria-pressed", String(isPaused));
    const { pause = "", resume = "" } = button.dataset;
    button.textContent = isPaused ? (missed > 0 ? `${resume} (${missed})` : resume) : pause;
  }

  if (button !== null) {
    button.hidden = false;
    button.addEventListener("click", () => {
      isPaused = !isPaused;
      tell();
      void refresh();
    });
    tell();
  }
  document.addEventListener("visibilitychange", () => void refresh());
  place.addEventListener("focusout", () => setTimeout(() => void refresh()));

  const stream = new EventSource(`${document.documentElement.dataset["base"] ?? ""}/api/v1/live`);
  // What it says is not read: the page says it, with what the reader may see of it.
  for (const name of ["deliveries", "events", "counts"]) {
    stream.addEventListener(name, () => {
      missed++;
      tell();
      void refresh();
    });
  }
  const cut = document.querySelector<HTMLElement>("[data-cut]");
  // The stream tries again by itself.
  stream.addEventListener("error", () => cut?.removeAttribute("hidden"));
  stream.addEventListener("open", () => cut?.setAttribute("hidden", ""));
  // Whoever is signed out is led to where they sign in.
  stream.addEventListener("end", () => {
    stream.close();
    location.reload();
  });
}

/** What is used just now does not move: a row that has the focus, a text that is selected. */
function isHeld(): boolean {
  const selection = getSelection();
  const isSelecting = selection !== null && !selection.isCollapsed;
  return isSelecting || document.activeElement?.closest("[data-part]") != null;
}

/** The parts are those of this page, unless it says which other one has them. */
async function renewParts(address: string): Promise<void> {
  const response = await fetch(address, { headers: { "Accept": "text/html" } });
  if (!response.ok || response.redirected) throw new Error("The page cannot be read again");
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll<HTMLElement>("[data-part]")) {
    const newer = fresh.querySelector<HTMLElement>(`[data-part="${part.dataset["part"]}"]`);
    if (newer === null) continue;
    const keys = new Set(keysOf(part));
    const isOpen = part.querySelector("details")?.open ?? false;
    writeTimes(newer);
    part.replaceChildren(...newer.childNodes);
    readCharts(part);
    for (const row of part.querySelectorAll<HTMLElement>("[data-key]")) {
      row.classList.toggle("fresh", keys.size > 0 && !keys.has(row.dataset["key"] ?? ""));
    }
    const details = part.querySelector("details");
    if (details !== null) details.open = isOpen;
  }
}

function keysOf(part: HTMLElement): readonly string[] {
  return Array.from(
    part.querySelectorAll<HTMLElement>("[data-key]"),
    (row) => row.dataset["key"] ?? "",
  );
}
