/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What the browser does on every page: nothing that reading needs. */
import { showAwaited } from "./awaiting.ts";
import { writeTimes } from "./times.ts";
import { readCharts } from "./charts.ts";
import { copyOnClick } from "./copying.ts";
import { followPage } from "./following.ts";
import { lookFurther } from "./looking.ts";

/** So often "3 minutes ago" is looked at again. */
const AGO_MS = 30_000;

writeTimes(document);
setInterval(() => writeTimes(document), AGO_MS);
readCharts(document);
copyOnClick();
followPage();
// The server may be away: what was found stays, and so does the link.
lookFurther().catch(() => undefined);
showAwaited().catch(() => undefined);

// What nobody filled in does not stand in the address.
document.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});
