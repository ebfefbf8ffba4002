import type { JSX } from "preact";
import { placeOfSetting } from "../docs/places.ts";
import { A } from "../parts/links.tsx";
import { Notice } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { cleanText, Outside, Time } from "../parts/values.tsx";
import type { ShownConfig, ShownMistake } from "../queries/config.ts";
import { VERSIONS_TEXTS } from "../texts/changing.ts";
import { CONFIG_TEXTS } from "../texts/deciding.ts";

/** The config file with its secrets hidden, and what is wrong with it. */
export function ConfigPage({ view, canChange }: {
  readonly view: ShownConfig;
  /** Whether whoever looks may change it. */
  readonly canChange: boolean;
}): JSX.Element {
  const say = useSay(CONFIG_TEXTS);
  const versions = useSay(VERSIONS_TEXTS);
  const { file, text, servedSince, notServed, mistakes, warnings } = view;
  return (
    <>
      <h1>{notServed === null ? say.served : say.notServed}</h1>
      <p class="lead">
        <Fill text={say.lead} file={<code>{file}</code>} time={<Time at={servedSince} />} />
      </p>
      {notServed !== null && (
        <div class="ask">
          <Notice tone="bad">
            <p lang="en">
              <Outside text={notServed.message} most={2000} />
            </p>
          </Notice>
        </div>
      )}
      {mistakes.length > 0 && <Mistakes title={say.mistakes} mistakes={mistakes} tone="bad" />}
      {warnings.length > 0 && <Mistakes title={say.warnings} mistakes={warnings} tone="warn" />}
      <div class="head">
        <h2>{say.file}</h2>
        {canChange && <A href="/config/versions">{versions.title}</A>}
        <A href="/docs/configuration">{say.aboutSettings}</A>
      </div>
      {text === null
        ? <p class="card">{say.unreadable}</p>
        : <ConfigText text={text} label={say.file} mistakes={mistakes} />}
    </>
  );
}

function Mistakes({ title, mistakes, tone }: {
  readonly title: string;
  readonly mistakes: readonly ShownMistake[];
  readonly tone: "warn" | "bad";
}): JSX.Element {
  const say = useSay(CONFIG_TEXTS);
  return (
    <section>
      <h2>
        <Fill text={title} count={mistakes.length} />
      </h2>
      <ul class="stack" lang="en">
        {mistakes.map(({ path, line, message, hint }, index) => (
          <li key={index}>
            <Notice tone={tone}>
              <p>
                {line !== null && (
                  <a href={`#line-${line}`}>
                    <Fill text={say.line} line={line} />
                  </a>
                )} {path !== "" && (
                  <A href={placeOfSetting(path)}>
                    <code>{cleanText(path)}</code>
                  </A>
                )} <Outside text={message} most={1000} />
              </p>
              {hint !== null && (
                <p class="soft">
                  <Outside text={hint} most={1000} />
                </p>
              )}
            </Notice>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A file of so many lines is one of a person; of a longer one the beginning is shown. */
const MOST_LINES = 5000;

function ConfigText({ text, label, mistakes }: {
  readonly text: string;
  readonly label: string;
  readonly mistakes: readonly ShownMistake[];
}): JSX.Element {
  const wrong = new Set(mistakes.map(({ line }) => line));
  return (
    <pre class="code lines" tabindex={0} role="region" aria-label={label}>
      {text.replace(/\n$/, "").split(/\r?\n/).slice(0, MOST_LINES).map((line, index) => (
        <span key={index} id={`line-${index + 1}`} class={wrong.has(index + 1) ? "wrong" : undefined}>
          {cleanText(line)}{"\n"}
        </span>
      ))}
    </pre>
  );
}
