import { assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);
const DOCS = Array.from(Deno.readDirSync(new URL("docs", ROOT)), ({ name }) => `docs/${name}`);
const PAGES = ["README.md", ...DOCS.filter((page) => page.endsWith(".md")).toSorted()];

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** A page without its code: what looks like a link there is none. */
function proseOf(page: string): string {
  return Deno.readTextFileSync(new URL(page, ROOT))
    .replaceAll(/^ *```[\s\S]*?^ *```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ""));
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of proseOf(page).matchAll(/^#+ (.+)$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
    // The second of a name gets a number.
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

function exists(url: URL): boolean {
  try {
    Deno.statSync(url);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with a link; `undefined` when it leads somewhere. */
function mistakeOf(page: string, target: string): string | undefined {
  // Where others' sites lead is not ours to keep.
  if (/^https?:/.test(target)) return undefined;
  const url = new URL(target, new URL(page, ROOT));
  const anchor = decodeURIComponent(url.hash.slice(1));
  url.hash = "";
  if (!url.href.startsWith(ROOT.href)) return `${target} leaves the repository`;
  if (!exists(url)) return `${target} leads to no file`;
  if (anchor === "") return undefined;
  const path = url.href.slice(ROOT.href.length);
  return anchorsOf(path).has(anchor) ? undefined : `${target} leads to no heading`;
}

for (const page of PAGES) {
  Deno.test(`every link in ${page} leads somewhere`, () => {
    const links = Array.from(proseOf(page).matchAll(LINK), ([, target = ""]) => target);
    assertEquals(links.flatMap((target) => mistakeOf(page, target) ?? []), []);
  });
}

Deno.test("docs/README.md lists every page", () => {
  const index = Deno.readTextFileSync(new URL("docs/README.md", ROOT));
  const listed = new Set(Array.from(index.matchAll(LINK), ([, target]) => `docs/${target}`));
  const others = PAGES.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
  assertEquals(others.filter((page) => !listed.has(page)), []);
});
