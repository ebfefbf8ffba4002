/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { formatTime, formatWholeTime, TIME_FORMS, type TimeForm } from "../parts/time_format.ts";

function formOf(element: HTMLElement): TimeForm {
  const { form } = element.dataset;
  return TIME_FORMS.find((one) => one === form) ?? "short";
}

/**
 * Writes the times of a part of the page in the zone of the reader.
 *
 * @param part The part.
 */
export function writeTimes(part: ParentNode): void {
  const language = document.documentElement.lang;
  const now = Date.now();
  for (const element of part.querySelectorAll("time")) {
    const at = Date.parse(element.dateTime);
    if (!Number.isFinite(at)) continue;
    element.textContent = formatTime(at, formOf(element), { language, now });
    element.title = formatWholeTime(at, language);
  }
  for (const element of part.querySelectorAll("[data-zone]")) {
    element.textContent = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}
