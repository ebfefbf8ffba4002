import type { JSX } from "preact";
import type { Rotation } from "../editing/rotation.ts";
import type { ComparedVersion, ShownVersion } from "../editing/versions.ts";
import { A } from "../parts/links.tsx";
import { Act, Empty, Notice, Table, type TableColumn } from "../parts/parts.tsx";
import { Fill, useReader, useSay } from "../parts/reader.tsx";
import { Outside, Time, Word } from "../parts/values.tsx";
import { ROTATION_TEXTS, VERSIONS_TEXTS } from "../texts/changing.ts";
import { COMMON_TEXTS, SHELL_TEXTS } from "../texts/shell.ts";
import { LineDifference } from "./difference.tsx";

/** The versions of the config that were replaced here. */
export function VersionsPage({ file, versions }: {
  readonly file: string;
  readonly versions: readonly ShownVersion[];
}): JSX.Element {
  const say = useSay(VERSIONS_TEXTS);
  const shell = useSay(SHELL_TEXTS);
  const columns: readonly TableColumn<ShownVersion>[] = [
    { head: say.replacedAt, isName: true, cell: ({ replacedAt }) => <Time at={replacedAt} /> },
    { head: say.by, label: say.by, cell: ({ by }) => <Outside text={by} /> },
    {
      head: say.compare,
      isQuiet: true,
      cell: ({ id }) => <A href={`/config/versions/${encodeURIComponent(id)}`}>{say.compare}</A>,
    },
  ];
  return (
    <>
      <p class="crumb">
        <A href="/config">{shell.config}</A>
      </p>
      <h1>{say.title}</h1>
      <p class="lead">
        <Fill text={say.lead} file={<code>{file}</code>} />
      </p>
      <div class="card flush">
        {versions.length === 0
          ? <Empty title={say.none} />
          : <Table columns={columns} rows={versions} caption={say.title} keyOf={({ id }) => id} />}
      </div>
    </>
  );
}

/** What changed since a version, and the way back to it. */
export function VersionPage({ version }: { readonly version: ComparedVersion }): JSX.Element {
  const say = useSay(VERSIONS_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const { id, replacedAt, by, lines, fingerprint } = version;
  return (
    <>
      <p class="crumb">
        <A href="/config/versions">{say.title}</A>
      </p>
      <h1>
        <Fill text={say.since} time={<Time at={replacedAt} />} />
      </h1>
      <p class="lead">
        <Fill text={say.sinceLead} name={by} />
      </p>
      <div class="ask">
        <LineDifference lines={lines} label={say.compare} />
      </div>
      <div class="actions">
        <Act
          to={`/config/versions/${encodeURIComponent(id)}/restore`}
          values={{ fingerprint, back: "/config" }}
          isMain
        >
          {say.goBack}
        </Act>
        <A class="button" href="/config/versions">{common.notNow}</A>
      </div>
    </>
  );
}

/** A key that is replaced in three steps. */
export function RotationPage(
  { rotation }: { readonly rotation: Rotation & { readonly key?: string } },
): JSX.Element {
  const say = useSay(ROTATION_TEXTS);
  const common = useSay(COMMON_TEXTS);
  const shell = useSay(SHELL_TEXTS);
  const { base } = useReader();
  const { endpoint, key } = rotation;
  return (
    <>
      <p class="crumb">
        <A href="/keys">{shell.keys}</A>
      </p>
      <h1>
        <Fill text={say.title} endpoint={endpoint} />
      </h1>
      <p class="lead">{say.lead}</p>
      {key !== undefined && (
        <div class="ask">
          <Notice
            tone="warn"
            actions={
              <button type="button" hidden data-copy="key" data-copied={common.copied}>
                {common.copy}
              </button>
            }
          >
            <p>{say.shownOnce}</p>
            <p>
              <code id="key">{key}</code>
            </p>
          </Notice>
        </div>
      )}
      {/* Whoever waits sees it as soon as the store signs with the new key. */}
      <div data-follow data-from={`${base}/keys/rotation${endpoint}`}>
        <div data-part="steps" aria-live="polite">
          <Steps rotation={rotation} />
        </div>
      </div>
    </>
  );
}

function Steps({ rotation }: { readonly rotation: Rotation }): JSX.Element {
  const say = useSay(ROTATION_TEXTS);
  const { endpoint, step, keys } = rotation;
  const [newest] = keys;
  const oldest = keys.at(-1);
  const path = `/keys/rotation${endpoint}`;
  const fingerprint = <code>{newest?.fingerprint}</code>;
  return (
    <ol class="card stack numbered">
      <li>
        <h2 class="flat">{say.add}</h2>
        <p class="soft">{say.addWhy}</p>
        {step === "one key"
          ? (
            <>
              <p>
                <Fill text={say.one} fingerprint={fingerprint} />
              </p>
              <Act to={`${path}/add`} isMain>{say.add}</Act>
            </>
          )
          : (
            <Word tone="ok">
              <Fill text={say.added} fingerprint={fingerprint} />
            </Word>
          )}
      </li>
      <li>
        <h2 class="flat">{say.paste}</h2>
        {step === "new key unseen" && (
          <p>
            <Word tone="warn">{say.unseen}</Word> <A href={path}>{say.unseenAgain}</A>
          </p>
        )}
        {step === "new key seen" && newest?.lastUsedAt != null && (
          <Word tone="ok">
            <Fill text={say.seen} time={<Time at={newest.lastUsedAt} form="away" />} />
          </Word>
        )}
      </li>
      <li>
        <h2 class="flat">{say.remove}</h2>
        <p class="soft">{say.removeWhy}</p>
        {step !== "one key" && oldest?.lastUsedAt != null && (
          <p>
            <Fill
              text={say.oldUsed}
              fingerprint={<code>{oldest.fingerprint}</code>}
              time={<Time at={oldest.lastUsedAt} form="away" />}
            />
          </p>
        )}
        {step === "new key seen" && <Act to={`${path}/remove`} isMain>{say.remove}</Act>}
      </li>
    </ol>
  );
}
