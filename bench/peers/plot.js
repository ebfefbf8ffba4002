/** Plots the throughput of every contender. Reads rows as JSON, writes an SVG. */
import { text } from "node:stream/consumers";
import process from "node:process";
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

const rows = JSON.parse(await text(process.stdin));
const names = [...new Set(rows.map(({ name }) => name))];
const { document } = parseHTML("<html></html>");

const svg = Plot.plot({
  document,
  width: 1100,
  height: 480,
  marginTop: 190,
  marginBottom: 40,
  marginLeft: 55,
  style: { background: "white", color: "black", fontFamily: "sans-serif" },
  fx: { label: "connections" },
  x: { axis: null, domain: names },
  y: { label: "requests a second", grid: true, tickFormat: "s" },
  color: {
    domain: names,
    range: names.map((name) => name.startsWith("Storehook") ? "#4e79a7" : "#bab0ac"),
  },
  marks: [
    Plot.barY(rows, { fx: "connections", x: "name", y: "requestsPerSecond", fill: "name" }),
    Plot.text(rows, {
      fx: "connections",
      x: "name",
      y: "requestsPerSecond",
      text: "name",
      rotate: -90,
      textAnchor: "start",
      dx: 0,
      dy: -4,
    }),
    Plot.ruleY([0]),
  ],
});
svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
process.stdout.write(`${svg.outerHTML}\n`);
