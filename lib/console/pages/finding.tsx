/** What is wrong with the signature of a refused delivery. */
import type { JSX } from "preact";
import { A } from "../parts/links.tsx";
import { Notice } from "../parts/parts.tsx";
import { useReader, useSay } from "../parts/reader.tsx";
import { Outside } from "../parts/values.tsx";
import type { SignatureFinding } from "../queries/signature_finding.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { FromDelivery } from "./decided.tsx";
import type { RefusedSignature } from "./page_data.ts";

/** A page of its own, for who has no script that waits for it. */
export function FindingPage({ refused }: { readonly refused: RefusedSignature }): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  return (
    <>
      <FromDelivery id={refused.id} />
      <h1>{say.signatureTitle}</h1>
      <WhatIsWrong refused={refused} />
    </>
  );
}

/** What is wrong, or that it is being found out: a browser puts it there then. */
export function WhatIsWrong({ refused }: { readonly refused: RefusedSignature }): JSX.Element {
  return (
    <div data-part="finding">
      <Words refused={refused} />
    </div>
  );
}

/** Why a signature was refused; the doctor speaks English. */
function Words({ refused }: { readonly refused: RefusedSignature }): JSX.Element | null {
  const say = useSay(DELIVERY_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const { language } = useReader();
  const { id, signature, note, verifiedBy, endpoint, isBeingExamined } = refused;
  if (isBeingExamined === true) {
    return (
      <div class="ask" role="status">
        <Notice
          tone="quiet"
          actions={
            <A class="button" href={`/deliveries/${id}/finding`} data-awaited>{say.showFinding}</A>
          }
        >
          <p>{say.examining}</p>
        </Notice>
      </div>
    );
  }
  if (signature === undefined) {
    if (note === undefined) return null;
    return (
      <div class="ask">
        <Notice tone={verifiedBy === null ? "warn" : "quiet"}>
          <p lang={language === "en" ? undefined : "en"}>
            <Outside text={note} most={1000} />
          </p>
        </Notice>
      </div>
    );
  }
  return (
    <div class="ask">
      <Notice
        tone="warn"
        actions={
          <>
            <A class="button" href={`/doctor?endpoint=${encodeURIComponent(endpoint)}`}>
              {say.toDoctor}
            </A>
            <A class="button plain" href="/docs/signatures">{common.readMore}</A>
          </>
        }
      >
        <FindingText finding={signature} />
      </Notice>
    </div>
  );
}

/** What was found of a signature, and how to mend it. */
export function FindingText({ finding: { what, mend } }: {
  readonly finding: SignatureFinding;
}): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const { language } = useReader();
  return (
    <>
      <p lang={language === "en" ? undefined : "en"}>
        <b>
          <Outside text={what} most={1000} />
        </b>
      </p>
      {mend !== undefined && (
        <p>
          {say.howToFix}:{" "}
          <span lang="en">
            <Outside text={mend} most={1000} />
          </span>
        </p>
      )}
    </>
  );
}
