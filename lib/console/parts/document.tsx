import { type ComponentChildren, Fragment, type JSX } from "preact";
import { renderToString } from "preact-render-to-string";
import { ASSETS } from "../assets.generated.ts";
import { SHELL_TEXTS } from "../texts/shell.ts";
import { directionOf, fillText } from "../texts/texts.ts";
import { Fill, type Reader, ReaderProvider, useReader, useSay } from "./reader.tsx";
import { A, Form } from "./links.tsx";

/** What a user may do: see; see and act; change the config too. */
export type ShownRole = "viewer" | "operator" | "admin";

/** What stands around a page. */
export interface Frame {
  readonly reader: Reader;
  /** Who signed in; `undefined` where nobody did. */
  readonly user?: { readonly name: string; readonly role: ShownRole };
  /** Whether the server can do its work. */
  readonly readiness?: { readonly ready: boolean; readonly reason?: string };
  /** Where a page leads whose path alone is none, e.g. the rules of an endpoint. */
  readonly leads?: Readonly<Record<string, string>>;
  /** The path of the request. */
  readonly path: string;
  /** What the page loads beside what every page does. */
  readonly island?: "editor" | undefined;
}

type PageName = Exclude<keyof typeof SHELL_TEXTS, `group${string}`>;

const GROUPS: readonly (readonly [
  title: `group${string}` & keyof typeof SHELL_TEXTS,
  pages: readonly (readonly [name: PageName, path: string])[],
])[] = [
  ["groupTraffic", [
    ["overview", "/"],
    ["deliveries", "/deliveries"],
    ["events", "/events"],
    ["forwards", "/forwards"],
  ]],
  ["groupDecide", [["rules", "/rules"], ["config", "/config"]]],
  ["groupConnect", [
    ["destinations", "/destinations"],
    ["services", "/services"],
    ["keys", "/keys"],
    ["doctor", "/doctor"],
  ]],
  ["groupRead", [["audit", "/audit"], ["docs", "/docs"]]],
];

/** These take an operator. */
const NOT_FOR_VIEWERS: ReadonlySet<string> = new Set(["/config", "/doctor", "/audit"]);

/**
 * Writes a page as a whole document.
 *
 * @param frame What stands around it.
 * @param title What it is called.
 * @param page The page.
 * @param isAlone Whether nothing stands around it, as before anybody signed in.
 * @returns The HTML.
 */
export function writeDocument(
  frame: Frame,
  title: string,
  page: ComponentChildren,
  isAlone = false,
): string {
  const { reader } = frame;
  const html = renderToString(
    <ReaderProvider value={reader}>
      <html
        lang={reader.language}
        dir={directionOf(reader.language)}
        data-base={reader.base}
      >
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>{title === "" ? "Storehook" : `${title} – Storehook`}</title>
          <link rel="icon" href={ICON} />
          <link rel="stylesheet" href={`${reader.base}${ASSETS.style.path}`} />
          <script type="module" src={`${reader.base}${ASSETS.script.path}`}></script>
          {frame.island !== undefined && (
            <script type="module" src={`${reader.base}${ASSETS[frame.island].path}`}></script>
          )}
        </head>
        <body>{isAlone ? <Alone page={page} /> : <Around frame={frame} page={page} />}</body>
      </html>
    </ReaderProvider>,
  );
  return `<!DOCTYPE html>${html}`;
}

/** The mark of the product, small enough to stand in the page. */
const ICON = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#0b8a79" stroke-width="2.6" stroke-linecap="round"><path d="M7 4v9a5 5 0 0 0 10 0"/><path d="m13.5 15.5 3.5-3.5 3.5 3.5"/></svg>',
);

function Brand(): JSX.Element {
  return (
    <A class="brand" href="/">
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="2.6"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <path d="M7 4v9a5 5 0 0 0 10 0" />
        <path d="m13.5 15.5 3.5-3.5 3.5 3.5" />
      </svg>
      Storehook
    </A>
  );
}

function Alone({ page }: { readonly page: ComponentChildren }): JSX.Element {
  return (
    <main class="alone">
      <Brand />
      {page}
    </main>
  );
}

function Around({ frame, page }: {
  readonly frame: Frame;
  readonly page: ComponentChildren;
}): JSX.Element {
  const say = useSay(SHELL_TEXTS);
  const { timeZone } = useReader();
  return (
    <>
      <a class="skip" href="#content">{say.skip}</a>
      <div class="frame">
        <header class="side">
          <Brand />
          <div class="top">
            <Brand />
            <button type="button" popovertarget="pages">{say.menu}</button>
          </div>
          <Pages frame={frame} />
          <Who frame={frame} />
        </header>
        <main id="content" tabindex={-1}>
          <p class="notice warn" role="status" hidden data-cut>{say.cut}</p>
          {page}
          <p class="zone">
            <Fill text={say.timesHere} zone={<bdi data-zone>{timeZone}</bdi>} />
          </p>
        </main>
      </div>
    </>
  );
}

function Pages(
  { frame: { path, leads = {}, user } }: { readonly frame: Frame },
): JSX.Element {
  const say = useSay(SHELL_TEXTS);
  return (
    <nav class="pages" id="pages" popover="auto" aria-label={say.pages}>
      {GROUPS.map(([title, pages]) => (
        <Fragment key={title}>
          <p>{say[title]}</p>
          {pages.filter(([, to]) => user?.role !== "viewer" || !NOT_FOR_VIEWERS.has(to)).map((
            [name, to],
          ) => (
            <A key={to} href={leads[to] ?? to} aria-current={isAt(path, to) ? "page" : undefined}>
              {say[name]}
            </A>
          ))}
        </Fragment>
      ))}
    </nav>
  );
}

/** A page below another belongs to it. */
function isAt(path: string, page: string): boolean {
  return path === page || (page !== "/" && path.startsWith(`${page}/`));
}

function Who({ frame: { user, readiness } }: { readonly frame: Frame }): JSX.Element {
  const say = useSay(SHELL_TEXTS);
  return (
    <div class="who">
      {readiness !== undefined && (
        <span class={readiness.ready ? "state ok" : "state bad"}>
          {readiness.ready ? say.ready : fillText(say.notReady, { reason: readiness.reason ?? "" })}
        </span>
      )}
      {user !== undefined && (
        <>
          <span>
            <Fill text={say.signedInAs} name={user.name} role={<>{say[user.role]}</>} />
          </span>
          <Form method="post" action="/logout">
            <button type="submit">{say.signOut}</button>
          </Form>
        </>
      )}
    </div>
  );
}
