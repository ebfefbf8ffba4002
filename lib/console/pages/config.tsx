import type { JSX } from "preact";
import { placeOfSetting } from "../docs/places.ts";
import { A, Form } from "../parts/links.tsx";
import { Empty, Notice, Table, type TableColumn } from "../parts/parts.tsx";
import { Fill, useReader, useSay } from "../parts/reader.tsx";
import { cleanText, Outside, Time, Word } from "../parts/values.tsx";
import type { ShownConfig, ShownMistake } from "../queries/config.ts";
import type { ExaminedSignature } from "../queries/doctor.ts";
import type { KeyOfEndpoint } from "../queries/keys.ts";
import { ROTATION_TEXTS, VERSIONS_TEXTS } from "../texts/changing.ts";
import { CONFIG_TEXTS, DOCTOR_TEXTS, KEYS_TEXTS } from "../texts/deciding.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { Choice } from "./deliveries.tsx";

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
                )}{" "}
                <A href={placeOfSetting(path)}>
                  <code>{cleanText(path)}</code>
                </A>{" "}
                <Outside text={message} most={1000} />
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

/** Every key by its fingerprint, and when it was last used. */
export function KeysPage({ keys, canChange }: {
  readonly keys: readonly KeyOfEndpoint[];
  /** Whether whoever looks may change them. */
  readonly canChange: boolean;
}): JSX.Element {
  const say = useSay(KEYS_TEXTS);
  const rotation = useSay(ROTATION_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const columns: readonly TableColumn<KeyOfEndpoint>[] = [
    {
      head: common.endpoint,
      isName: true,
      isWhole: true,
      cell: ({ endpoint, kind }) => (
        <>
          <bdi>{endpoint}</bdi> <span class="small soft">{kind}</span>
        </>
      ),
    },
    { head: say.scheme, cell: ({ scheme }) => <span class="soft">{scheme}</span> },
    { head: say.fingerprint, cell: ({ fingerprint }) => <code>{fingerprint}</code> },
    {
      head: say.place,
      label: say.place,
      cell: ({ place, scheme }) => (
        <>
          {place} {place === 1 && scheme === "x-signature" && <Word tone="quiet">{say.signs}</Word>}
        </>
      ),
    },
    {
      head: say.lastUsed,
      isWhole: true,
      cell: ({ lastUsedAt, lookedBackTo }) =>
        lastUsedAt !== null
          ? <Time at={lastUsedAt} form="away" />
          : lookedBackTo !== null
          ? (
            <span class="soft">
              <Fill text={say.notUsedSince} time={<Time at={lookedBackTo} />} />
            </span>
          )
          : <Word tone="warn">{say.notUsed}</Word>,
    },
    {
      head: rotation.rotate,
      isQuiet: true,
      cell: ({ endpoint, place, scheme }) =>
        canChange && place === 1 && scheme === "x-signature"
          ? <A href={`/keys/rotation${endpoint}`}>{rotation.rotate}</A>
          : null,
    },
  ];
  return (
    <>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <div class="card flush">
        {keys.length === 0 ? <Empty title={say.none} /> : (
          <Table
            columns={columns}
            rows={keys}
            caption={say.title}
            keyOf={({ endpoint, place }) => `${endpoint} ${place}`}
          />
        )}
      </div>
      <p class="ask">
        <A href="/docs/reload#rotate-a-key-without-losing-a-request">{say.rotate}</A>
      </p>
    </>
  );
}

/** What the doctor shows: its form, or what it found out. */
export function DoctorPage({ view, query }: {
  readonly view: { readonly endpoints: readonly { readonly path: string }[] } | ExaminedSignature;
  readonly query: URLSearchParams;
}): JSX.Element {
  return "matches" in view
    ? <Examined examined={view} />
    : <DoctorForm endpoints={view.endpoints} query={query} />;
}

function DoctorForm({ endpoints, query }: {
  readonly endpoints: readonly { readonly path: string }[];
  readonly query: URLSearchParams;
}): JSX.Element {
  const say = useSay(DOCTOR_TEXTS);
  const common = useSay(COMMON_TEXTS);
  return (
    <>
      <h1>{say.title}</h1>
      <p class="lead">{say.lead}</p>
      <Form class="card stack narrow" method="post" action="/doctor">
        <div>
          <label for="endpoint">{common.endpoint}</label>
          <Choice
            id="endpoint"
            name="endpoint"
            chosen={query.get("endpoint") ?? endpoints[0]?.path ?? ""}
            options={endpoints.map(({ path }) => [path, path] as const)}
          />
        </div>
        <div>
          <label for="body">{say.body}</label>
          <textarea id="body" name="body" required spellcheck={false} dir="ltr"></textarea>
        </div>
        <div>
          <label for="bodyEncoding">{say.encoding}</label>
          <Choice
            id="bodyEncoding"
            name="bodyEncoding"
            chosen="utf-8"
            options={[["utf-8", say.asText], ["base64", say.asBase64]]}
          />
        </div>
        <div>
          <label for="signature">{say.signature}</label>
          <input
            id="signature"
            name="signature"
            class="mono"
            spellcheck={false}
            dir="ltr"
            autocomplete="off"
          />
        </div>
        <div>
          <label for="headers">{say.headers}</label>
          <textarea id="headers" name="headers" class="few" spellcheck={false} dir="ltr"></textarea>
        </div>
        <div>
          <button type="submit" class="main">{say.examine}</button>
        </div>
      </Form>
    </>
  );
}

function Examined({ examined }: { readonly examined: ExaminedSignature }): JSX.Element {
  const say = useSay(DOCTOR_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const delivery = useSay(DELIVERY_TEXTS);
  const { language } = useReader();
  const { matches, verifiedBy, finding, endpoint } = examined;
  return (
    <>
      <h1>{matches ? say.matches : say.doesNot}</h1>
      <p class="lead">
        <bdi>{endpoint}</bdi>
      </p>
      <div class="ask">
        <Notice tone={matches ? "ok" : "warn"}>
          {matches && (
            <p>
              <Fill text={say.matchesBy} by={<b>{verifiedBy}</b>} />
            </p>
          )}
          {finding !== null && (
            <>
              <p lang={language === "en" ? undefined : "en"}>
                <b>
                  <Outside text={finding.what} most={1000} />
                </b>
              </p>
              {finding.mend !== undefined && (
                <p>
                  {delivery.howToFix}:{" "}
                  <span lang="en">
                    <Outside text={finding.mend} most={1000} />
                  </span>
                </p>
              )}
            </>
          )}
        </Notice>
      </div>
      <div class="actions">
        <A class="button" href={`/doctor?endpoint=${encodeURIComponent(endpoint)}`}>{say.again}</A>
        <A class="button plain" href="/docs/signatures">{common.readMore}</A>
      </div>
    </>
  );
}
