/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { formatTime } from "../parts/time_format.ts";

const SVG = "http://www.w3.org/2000/svg";

/** Numbers of a chart as the server wrote them beside it. */
function numbersOf(text: string | undefined): readonly (readonly number[])[] {
  const value: unknown = JSON.parse(text ?? "[]");
  return Array.isArray(value) ? value.map((row) => Array.isArray(row) ? row.map(Number) : []) : [];
}

function namesOf(text: string | undefined): readonly string[] {
  const value: unknown = JSON.parse(text ?? "[]");
  return Array.isArray(value) ? value.map(String) : [];
}

/**
 * Lets charts say what a column counts, to the pointer and to the arrow keys.
 *
 * @param part The part of the page whose charts are meant.
 */
export function readCharts(part: ParentNode): void {
  for (const chart of part.querySelectorAll<HTMLElement>("[data-chart]")) readChart(chart);
}

function readChart(chart: HTMLElement): void {
  const svg = chart.querySelector("svg");
  const output = chart.querySelector("output");
  if (svg === null || output === null) return;
  const { since = "0", step = "1" } = chart.dataset;
  const counts = numbersOf(chart.dataset["counts"]);
  const names = namesOf(chart.dataset["names"]);
  const columns = counts[0]?.length ?? 0;
  const language = document.documentElement.lang;
  const before = output.textContent;
  const cursor = document.createElementNS(SVG, "path");
  cursor.setAttribute("class", "cursor");
  svg.append(cursor);
  let column = -1;

  function point(to: number): void {
    column = Math.max(0, Math.min(columns - 1, to));
    cursor.setAttribute("d", `M${column * 10} 0h10v100h-10z`);
    const at = Number(since) + column * Number(step);
    const time = formatTime(at, "short", { language, now: Date.now() });
    const said = names.map((name, index) => `${name} ${counts[index]?.[column] ?? 0}`);
    if (output !== null) output.textContent = `${time} · ${said.join(" · ")}`;
  }

  function leave(): void {
    cursor.removeAttribute("d");
    if (output !== null) output.textContent = before;
  }

  svg.addEventListener("pointermove", (event) => {
    const { left, width } = svg.getBoundingClientRect();
    point(Math.floor((event.clientX - left) / width * columns));
  });
  svg.addEventListener("pointerleave", leave);
  svg.setAttribute("tabindex", "0");
  svg.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    point(column < 0 ? columns - 1 : column + by);
  });
  svg.addEventListener("blur", leave);
}
