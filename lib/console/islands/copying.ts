/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** How long a button says that it has copied. */
const SAID_MS = 1600;

/** Lets each button with `data-copy` copy the text of the element that it names. */
export function copyOnClick(): void {
  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element
      ? event.target.closest<HTMLElement>("[data-copy]")
      : null;
    const { copy, copied = "" } = button?.dataset ?? {};
    if (button === null || copy === undefined) return;
    const text = document.getElementById(copy)?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without the right to write there, the text is selected, to be copied by hand.
      const place = document.getElementById(copy);
      if (place !== null) getSelection()?.selectAllChildren(place);
      return;
    }
    const said = button.textContent;
    button.textContent = copied;
    setTimeout(() => button.textContent = said, SAID_MS);
  });
  // A button that needs a script is there where scripts run.
  for (const button of document.querySelectorAll<HTMLElement>("[data-copy]")) button.hidden = false;
}
