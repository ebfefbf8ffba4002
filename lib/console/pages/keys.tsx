import type { JSX } from "preact";
import { A } from "../parts/links.tsx";
import { Empty, Table, type TableColumn } from "../parts/parts.tsx";
import { Fill, useSay } from "../parts/reader.tsx";
import { Time, Word } from "../parts/values.tsx";
import type { KeyOfEndpoint } from "../queries/keys.ts";
import { ROTATION_TEXTS } from "../texts/changing.ts";
import { KEYS_TEXTS } from "../texts/deciding.ts";
import { COMMON_TEXTS } from "../texts/shell.ts";

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
