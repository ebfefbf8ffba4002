import type { JSX } from "preact";
import { Choice } from "../parts/fields.tsx";
import { A, Form } from "../parts/links.tsx";
import { Notice } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import type { ExaminedSignature } from "../queries/doctor.ts";
import { DOCTOR_TEXTS } from "../texts/deciding.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { FindingText } from "./finding.tsx";

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
          {finding !== null && <FindingText finding={finding} />}
        </Notice>
      </div>
      <div class="actions">
        <A class="button" href={`/doctor?endpoint=${encodeURIComponent(endpoint)}`}>{say.again}</A>
        <A class="button plain" href="/docs/signatures">{common.readMore}</A>
      </div>
    </>
  );
}
