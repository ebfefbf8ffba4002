/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { readCharts } from "./charts.ts";
import { writeTimes } from "./times.ts";

/** How long nothing is fetched after something was, unless the page says: many changes make one. */
const REST_MS = 3000;
/** What takes long is fetched seldom: so many times as long as it took. */
const REST_SHARE = 5;
/**
 * The server says a word every quarter of a minute. Where a line is cut without anybody being told,
 * as when a cable is pulled, this is how it is found out.
 */
const SILENT_MS = 45_000;
/** Whoever was refused, though not for being signed out, asks again after this time. */
const REFUSED_MS = 5000;
/** Whoever answers no longer is not waited for. */
const PATIENCE_MS = 30_000;

/**
 * Keeps the parts of a page fresh that the server marks with `data-part`, whenever it says that
 * something came. The server writes them, as it wrote the page: what is shown has one source.
 */
export function followPage(): void {
  const place = document.querySelector<HTMLElement>("[data-follow]");
  if (place === null) return;
  const button = document.querySelector<HTMLButtonElement>("[data-pause]");
  const restMs = Number(place.dataset["follow"]) || REST_MS;
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
    }, Math.max(restMs, REST_SHARE * (performance.now() - begun)));
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

  // What the stream says is not read: the page says it, with what the reader may see of it.
  listen(() => {
    missed++;
    tell();
    void refresh();
  }, place.dataset["from"] ?? location.pathname + location.search);
}

/**
 * Hears of news, also of what came while the line was cut, and says while it is. While nobody sees the
 * page it hears nothing: browsers have six lines to a server, and every page that is open would take
 * one.
 *
 * @param onNews Is told that something came.
 * @param from The page that is looked at, which may have been answered elsewhere to what was sent.
 */
function listen(onNews: () => void, from: string): void {
  const cut = document.querySelector<HTMLElement>("[data-cut]");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stream: EventSource | undefined;
  // Whether something may have come that nobody told of.
  let isBehind = false;

  function begin(): void {
    rest();
    stream = new EventSource(`${baseOf()}/api/v1/live`);
    timer = setTimeout(beginAnew, SILENT_MS);
    for (const name of ["deliveries", "events", "counts"]) {
      stream.addEventListener(name, () => {
        hear();
        onNews();
      });
    }
    stream.addEventListener("beat", hear);
    stream.addEventListener("open", () => {
      const wasBehind = isBehind;
      hear();
      if (wasBehind) onNews();
    });
    stream.addEventListener("error", () => {
      tellCut(true);
      // It tries again by itself, unless it was refused.
      if (stream?.readyState === EventSource.CLOSED) void askWhy();
    });
    stream.addEventListener("end", leave);
  }

  function rest(): void {
    stream?.close();
    stream = undefined;
    clearTimeout(timer);
  }

  function hear(): void {
    tellCut(false);
    clearTimeout(timer);
    timer = setTimeout(beginAnew, SILENT_MS);
  }

  function beginAnew(): void {
    tellCut(true);
    begin();
  }

  async function askWhy(): Promise<void> {
    rest();
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${baseOf()}/api/v1/me`, { signal }).catch(() => undefined);
    // Somebody may have come back meanwhile, and begun.
    if (stream !== undefined) return;
    if (response?.status === 401) leave();
    else timer = setTimeout(look, REFUSED_MS);
  }

  /** Whoever is signed out is led to where they sign in. What was sent for the page is not sent again. */
  function leave(): void {
    rest();
    location.replace(from);
  }

  function tellCut(is: boolean): void {
    isBehind = is;
    if (cut !== null) cut.hidden = !is;
  }

  function look(): void {
    if (document.hidden) {
      rest();
      isBehind = true;
    } else if (stream === undefined) begin();
  }

  document.addEventListener("visibilitychange", look);
  look();
}

function baseOf(): string {
  return document.documentElement.dataset["base"] ?? "";
}

/** What is used just now does not move: a row that has the focus, a text that is selected. */
function isHeld(): boolean {
  const selection = getSelection();
  const isSelecting = selection !== null && !selection.isCollapsed;
  return isSelecting || document.activeElement?.closest("[data-part]") != null;
}

/** What was received before the newest may be recorded after it. */
const LATE_MS = 20_000;
/** A list that grows has an end. */
const MOST_ROWS = 500;

/** The parts are those of this page, unless it says which other one has them. */
async function renewParts(from: string): Promise<void> {
  const list = document.querySelector<HTMLElement>("[data-grows]");
  const newest = list?.querySelector("time")?.dateTime;
  const url = new URL(from, location.href);
  // Of a list that only grows, what is there already need not be written again.
  if (newest !== undefined) {
    const since = new Date(Date.parse(newest) - LATE_MS).toISOString();
    url.searchParams.set("since", `${since.slice(0, 19)}Z`);
  }
  const response = await fetch(url, {
    headers: { "Accept": "text/html" },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok || response.redirected) throw new Error("The page cannot be read again");
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll<HTMLElement>("[data-part]")) {
    const newer = fresh.querySelector<HTMLElement>(`[data-part="${part.dataset["part"]}"]`);
    if (newer === null) continue;
    // Where it was looked further, what was found stays, and so does that nothing was.
    const isLooked = part.dataset["looked"] !== undefined;
    if (isLooked && newer.querySelector("[data-key]") === null) continue;
    writeTimes(newer);
    // Rows may have been found while the page was fetched.
    const hasRows = isLooked && part.querySelector("[data-key]") !== null;
    if (part === list && (newest !== undefined || hasRows)) grow(part, newer);
    else replace(part, newer);
  }
}

function replace(part: HTMLElement, newer: HTMLElement): void {
  const keys = new Set(keysOf(part));
  const isOpen = part.querySelector("details")?.open ?? false;
  part.replaceChildren(...newer.childNodes);
  readCharts(part);
  for (const row of part.querySelectorAll<HTMLElement>("[data-key]")) {
    row.classList.toggle("fresh", keys.size > 0 && !keys.has(row.dataset["key"] ?? ""));
  }
  const details = part.querySelector("details");
  if (details !== null) details.open = isOpen;
}

/** Puts rows that are not there yet above the others, in the order in which they came. */
function grow(part: HTMLElement, newer: HTMLElement): void {
  const body = part.querySelector("tbody");
  const keys = new Set(keysOf(part));
  const rows = Array.from(newer.querySelectorAll<HTMLElement>("[data-key]"))
    .filter((row) => !keys.has(row.dataset["key"] ?? ""));
  for (const row of rows.toReversed()) {
    row.classList.add("fresh");
    const at = timeOf(row);
    const before = Array.from(body?.children ?? []).find((one) => timeOf(one) <= at);
    body?.insertBefore(row, before ?? null);
  }
  while (body !== null && body.children.length > MOST_ROWS) body.lastElementChild?.remove();
}

function timeOf(row: Element): string {
  return row.querySelector("time")?.dateTime ?? "";
}

function keysOf(part: HTMLElement): readonly string[] {
  return Array.from(
    part.querySelectorAll<HTMLElement>("[data-key]"),
    (row) => row.dataset["key"] ?? "",
  );
}
