/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/** What the browser does on every page: nothing that reading needs. */
import { writeTimes } from "./times.ts";
import { readCharts } from "./charts.ts";
import { copyOnClick } from "./copying.ts";
import { followPage } from "./following.ts";

writeTimes(document);
readCharts(document);
copyOnClick();
followPage();
