import type { JSX } from "preact";
import { Facts } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { cleanText, Code, Outside, Size } from "../parts/values.tsx";
import type { DeliveryDetails } from "../queries/delivery.ts";
import { DELIVERY_TEXTS } from "../texts/delivery.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";
import { A } from "../parts/links.tsx";

/** What came and what went, as it was. */
export function DeliveryContents({ delivery, seesPeople }: {
  readonly delivery: DeliveryDetails;
  readonly seesPeople: boolean;
}): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const { headers, body, bodyBytes, keptBytes, bodyIsCut, answer, answerBytes, answerIsCut } =
    delivery;
  const isErased = delivery.erasedAt !== null;
  return (
    <div class="two">
      <section>
        <div class="head">
          <h2>{say.came}</h2>
          <span class="small soft">
            <Size bytes={bodyBytes} />
          </span>
        </div>
        {keptBytes === 0
          ? <p class="card soft">{isErased ? say.erasedHere : say.nothingCame}</p>
          : seesPeople
          ? <Code text={body} label={say.came} />
          : <p class="card soft">{say.hiddenBody}</p>}
        {seesPeople && delivery.bodyEncoding === "base64" && (
          <p class="small soft">{say.inBase64}</p>
        )}
        {keptBytes < bodyBytes && (
          <p class="small soft">
            <Fill
              text={say.keptOnly}
              all={<Size bytes={bodyBytes} />}
              kept={<Size bytes={keptBytes} />}
            />
          </p>
        )}
        {bodyIsCut && seesPeople && <p class="small soft">{say.cutHere}</p>}
      </section>
      <section>
        <div class="head">
          <h2>{say.went}</h2>
          <span class="small soft">
            <Size bytes={answerBytes} />
          </span>
        </div>
        {answerBytes === 0
          ? <p class="card soft">{isErased ? say.erasedHere : say.nothingWent}</p>
          : seesPeople
          ? <Code text={answer} label={say.went} />
          : <p class="card soft">{say.hiddenBody}</p>}
        {answerIsCut && seesPeople && <p class="small soft">{say.cutHere}</p>}
        {headers.length > 0 && (
          <details>
            <summary>{say.headers}</summary>
            <dl class="headers code" tabindex={0}>
              {headers.map(([name, value], index) => (
                <div key={index}>
                  <dt>{cleanText(name)}</dt>
                  <dd>{cleanText(value)}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
      </section>
    </div>
  );
}

/** By what it is known, and how to send it again. */
export function MoreOfDelivery({ delivery, curl }: {
  readonly delivery: DeliveryDetails;
  readonly curl: string | undefined;
}): JSX.Element {
  const say = useSay(DELIVERY_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const { id, requestId, repeatOf, endpoint, kind, brief } = delivery;
  return (
    <>
      <h2>{say.more}</h2>
      <div class="card">
        <Facts
          facts={[
            [
              common.endpoint,
              <A key="" href={`/rules${endpoint}`}>
                <Outside text={endpoint} />
              </A>,
            ],
            [common.kind, <code key="">{kind}</code>],
            [say.deliveryId, <code key="">{id}</code>],
            [say.requestId, <code key="">{cleanText(requestId)}</code>],
            [
              say.repeatOf,
              repeatOf === null ? null : (
                <A key="" href={`/deliveries/${repeatOf}`}>
                  <code>{repeatOf}</code>
                </A>
              ),
            ],
            [
              DELIVERY_BRIEF_NAME,
              (brief.orders ?? []).length > 1 ? brief.orders?.slice(1).join(", ") : null,
            ],
          ]}
        />
      </div>
      {curl !== undefined && (
        <details>
          <summary>{say.curlTitle}</summary>
          <pre class="code" id="curl" tabindex={0}>{curl}</pre>
        </details>
      )}
    </>
  );
}

/** What the store calls an order's own number, in every language. */
const DELIVERY_BRIEF_NAME = "OrderId";
