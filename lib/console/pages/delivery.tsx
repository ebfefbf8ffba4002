import type { JSX } from "preact";
import type { DeliveryDetails } from "../queries/delivery.ts";
import { Act, pathWith } from "../parts/parts.tsx";
import { Fill, useNumber, useSay } from "../parts/reader.tsx";
import { AnswerSentence, ReasonSentence } from "../parts/sentence.tsx";
import { Duration, Outside, Time } from "../parts/values.tsx";
import { EDITOR_TEXTS } from "../texts/editing.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { COMMON_TEXTS, SHELL_TEXTS } from "../texts/shell.ts";
import { REASON_TEXTS } from "../texts/why.ts";
import { placeOfError } from "../docs/places.ts";
import { curlOf } from "../queries/decide_again.ts";
import type { Surroundings } from "./surroundings.ts";
import { Decisions } from "./decision_table.tsx";
import { DeliveryContents, MoreOfDelivery } from "./delivery_contents.tsx";
import { WhatIsWrong } from "./finding.tsx";
import { A } from "../parts/links.tsx";

/** What the page of a delivery shows. */
export interface DeliveryPageView {
  readonly delivery: DeliveryDetails;
  readonly around: Pick<Surroundings, "publicUrl">;
  readonly seesPeople: boolean;
  readonly canAct: boolean;
  /** Whether whoever looks may change the config. */
  readonly canChange: boolean;
}

/** One delivery: the answer as a sentence, why, then all that is known of it. */
export function OneDelivery({ view }: { readonly view: DeliveryPageView }): JSX.Element {
  const shell = useSay(SHELL_TEXTS);
  const { delivery, around, seesPeople } = view;
  const curl = seesPeople ? commandOf(delivery, around.publicUrl) : undefined;
  return (
    <>
      <p class="crumb">
        <A href="/deliveries">{shell.deliveries}</A>
      </p>
      <h1>
        <AnswerSentence delivery={delivery} />
      </h1>
      <Lead delivery={delivery} />
      <Steps delivery={delivery} />
      <WhatIsWrong refused={delivery} />
      <Actions view={view} curl={curl} />
      <Decisions decisions={delivery.decisions} count={delivery.decisionCount} />
      <DeliveryContents delivery={delivery} seesPeople={view.seesPeople} />
      <MoreOfDelivery delivery={delivery} curl={curl} />
    </>
  );
}

/** The command that sends it again; none where the body is no text or is not whole here. */
function commandOf(delivery: DeliveryDetails, publicUrl: string): string | undefined {
  const { body, bodyEncoding, bodyIsCut, bodyBytes, keptBytes } = delivery;
  const isWhole = bodyEncoding === "utf-8" && !bodyIsCut && keptBytes === bodyBytes && body !== "";
  if (!isWhole) return undefined;
  return curlOf({ ...delivery, body: new TextEncoder().encode(body) }, publicUrl);
}

/** Subjects with the same reason are told of at once. */
const MOST_REASONS = 6;

function Lead({ delivery }: { readonly delivery: DeliveryDetails }): JSX.Element | null {
  const say = useSay(REASON_TEXTS);
  const number = useNumber();
  const { decisions, brief, rules, erasedAt, decisionCount } = delivery;
  if (erasedAt !== null) {
    return (
      <p class="lead">
        <Fill text={say.eraseNote} time={<Time at={erasedAt} form="exact" />} />
      </p>
    );
  }
  const [first] = decisions;
  if (first === undefined) return <Message delivery={delivery} />;
  const byRule = Map.groupBy(decisions, ({ rule }) => rule ?? "–");
  const isAll = decisions.length === decisionCount;
  if (byRule.size === 1 && isAll) {
    return (
      <p class="lead">
        <ReasonSentence decision={first} brief={brief} rules={rules.length} />
      </p>
    );
  }
  return (
    <ul class="lead">
      {!isAll && (
        <li>
          <Fill
            text={say.ofFirst}
            shown={number(decisions.length)}
            all={number(decisionCount)}
          />
        </li>
      )}
      {[...byRule].slice(0, MOST_REASONS).map(([rule, ofRule]) => (
        <li key={rule}>
          <Fill
            text={say.itemsBy}
            count={ofRule.length}
            rule={
              <b>
                <Outside text={rule} />
              </b>
            }
          />
        </li>
      ))}
    </ul>
  );
}

/** What the one who sent it was told. */
function Message(
  { delivery: { answer, status } }: { readonly delivery: DeliveryDetails },
): JSX.Element | null {
  const say = useSay(DELIVERY_TEXTS);
  const { message, code = "" } = status < 400 ? {} : errorOf(answer);
  const place = placeOfError(code);
  if (message === undefined) return null;
  return (
    <p class="lead">
      <Outside text={message} /> {place !== undefined && <A href={place}>{say.aboutError}</A>}
    </p>
  );
}

function errorOf(answer: string): { readonly message?: string; readonly code?: string } {
  try {
    const value: unknown = JSON.parse(answer);
    if (typeof value !== "object" || value === null) return {};
    return {
      ...("message" in value && typeof value.message === "string" && { message: value.message }),
      ...("code" in value && typeof value.code === "string" && { code: value.code }),
    };
  } catch {
    return {};
  }
}

function Steps({ delivery }: { readonly delivery: DeliveryDetails }): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const { receivedAt, remoteAddress, verifiedBy, decisions, status, durationMs } = delivery;
  const isAll = decisions.length === delivery.decisionCount;
  const asked = isAll ? decisions.reduce((sum, { trace }) => sum + trace.length, 0) : 0;
  return (
    <ol class="steps">
      <li>
        <span>
          <Fill
            text={remoteAddress === "" ? say.receivedAlone : say.received}
            time={
              <b>
                <Time at={receivedAt ?? ""} form="exact" />
              </b>
            }
            address={remoteAddress}
          />
        </span>
      </li>
      <li>
        <span>
          {verifiedBy === null
            ? <b>{say.notVerified}</b>
            : <Fill text={say.verified} by={<code>{verifiedBy.replace(/^key /, "")}</code>} />}
        </span>
      </li>
      {asked > 0 && (
        <li>
          <span>
            <Fill text={say.decided} count={asked} />
          </span>
        </li>
      )}
      <li>{say.stored}</li>
      <li>
        <span>
          <Fill
            text={say.answeredWith}
            status={<b>{status}</b>}
            time={
              <b>
                <Duration ms={durationMs} />
              </b>
            }
          />
        </span>
      </li>
    </ol>
  );
}

function Actions({ view, curl }: {
  readonly view: DeliveryPageView;
  readonly curl: string | undefined;
}): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const shell = useSay(SHELL_TEXTS);
  const editor = useSay(EDITOR_TEXTS);
  const { delivery, seesPeople, canAct, canChange } = view;
  const isDecidable = delivery.decisions.length > 0 && delivery.erasedAt === null &&
    delivery.keptBytes === delivery.bodyBytes;
  return (
    <div class="actions">
      {isDecidable && canAct && (
        <Act to={`/deliveries/${delivery.id}/decide`} isMain>{say.again}</Act>
      )}
      {isDecidable && canAct && <Act to={`/deliveries/${delivery.id}/pin`}>{say.pin}</Act>}
      {isDecidable && canChange && (
        <A class="button" href={`/rules-edit${delivery.endpoint}?delivery=${delivery.id}`}>
          {editor.editBeside}
        </A>
      )}
      {delivery.status === 204 && <A class="button" href={eventsOf(delivery)}>{shell.events}</A>}
      {curl !== undefined && (
        <button type="button" hidden data-copy="curl" data-copied={common.copied}>
          {say.curl}
        </button>
      )}
      {seesPeople && delivery.keptBytes > 0 && (
        <A class="button" href={`/api/v1/deliveries/${delivery.id}/body`} download>
          {say.downloadBody}
        </A>
      )}
      {seesPeople && delivery.answerBytes > 0 && (
        <A class="button" href={`/api/v1/deliveries/${delivery.id}/answer`} download>
          {say.downloadAnswer}
        </A>
      )}
    </div>
  );
}

/** The events that came with it: those that came to its endpoint in that second. */
function eventsOf({ endpoint, receivedAt }: DeliveryDetails): string {
  const at = Date.parse(receivedAt ?? "");
  const second = (from: number) => `${new Date(from).toISOString().slice(0, 19)}Z`;
  const span = { since: second(at), until: second(at + 2000) };
  return pathWith("/events", new URLSearchParams(), { endpoint, ...span });
}
