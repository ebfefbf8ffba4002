import type { JSX } from "preact";
import type { ShownDoc } from "../docs/markdown.ts";
import type { FoundSection } from "../docs/search.ts";
import { Empty } from "../parts/parts.tsx";
import { Fill, useReader, useSay } from "../parts/reader.tsx";
import { Outside } from "../parts/values.tsx";
import { DOCS_TEXTS } from "../texts/docs.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { A, Form } from "../parts/links.tsx";

/** The list of all pages, or what a search found. */
export function DocsPage({ pages, query, found }: {
  /** The pages by their names, and what each is called. */
  readonly pages: readonly (readonly [name: string, title: string])[];
  readonly query: string;
  readonly found: readonly FoundSection[];
}): JSX.Element {
  const say = useSay(DOCS_TEXTS);
  return (
    <>
      <h1>{say.title}</h1>
      <p class="lead">{say.inEnglish}</p>
      <DocsSearch query={query} />
      {query !== "" && <Found found={found} />}
      <h2>{say.allPages}</h2>
      <ul class="contents" lang="en">
        {pages.map(([name, title]) => (
          <li key={name}>
            <A href={`/docs/${name}`}>{title}</A>
          </li>
        ))}
      </ul>
    </>
  );
}

function DocsSearch({ query }: { readonly query: string }): JSX.Element {
  const say = useSay(DOCS_TEXTS);
  const common = useSay(COMMON_TEXTS);
  return (
    <Form class="filter" method="get" action="/docs" role="search">
      <input
        type="search"
        name="q"
        value={query}
        aria-label={say.search}
        placeholder={say.example}
        maxlength={200}
      />
      <button type="submit">{common.search}</button>
    </Form>
  );
}

function Found({ found }: { readonly found: readonly FoundSection[] }): JSX.Element {
  const say = useSay(DOCS_TEXTS);
  if (found.length === 0) {
    return (
      <div class="card">
        <Empty title={say.notFound} />
      </div>
    );
  }
  return (
    <section>
      <h2>
        <Fill text={say.found} count={found.length} />
      </h2>
      <ul class="card stack" lang="en">
        {found.map(({ page, anchor, title, around }) => (
          <li key={`${page}#${anchor}`}>
            <A href={`/docs/${page}#${anchor}`}>
              <b>{title}</b>
            </A>{" "}
            <span class="small soft">{page}</span>
            <p class="small">
              {around.map(({ text, isHit }, index) =>
                isHit ? <mark key={index}>{text}</mark> : text
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A page of so many sections has a list of them on top. */
const LONG_PAGE = 4;

/** One page of the documentation. */
export function DocPage({ doc }: { readonly doc: ShownDoc }): JSX.Element {
  const say = useSay(DOCS_TEXTS);
  const { language } = useReader();
  const parts = doc.sections.filter(({ level }) => level === 2);
  return (
    <>
      <p class="crumb">
        <A href="/docs">{say.title}</A>
      </p>
      <DocsSearch query="" />
      {language !== "en" && <p class="small soft">{say.inEnglish}</p>}
      {parts.length >= LONG_PAGE && (
        <details class="ask">
          <summary>{say.onThisPage}</summary>
          <ul class="contents" lang="en">
            {parts.map(({ anchor, title }) => (
              <li key={anchor}>
                <A href={`#${anchor}`}>
                  <Outside text={title} />
                </A>
              </li>
            ))}
          </ul>
        </details>
      )}
      {/* The page is the program's own, and what it holds of HTML was made text. */}
      <article
        class="doc"
        lang="en"
        dir="ltr"
        // deno-lint-ignore react-no-danger -- see above
        dangerouslySetInnerHTML={{ __html: doc.html }}
      />
    </>
  );
}
