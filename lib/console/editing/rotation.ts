/** The key of an endpoint replaced in three steps, none of which stops a store. */
import { applyEdits, findNodeAtLocation, modify, parseTree } from "jsonc-parser";
import { keyFingerprint } from "../../auth/authenticator.ts";
import { readConfigFile } from "../../config/history.ts";
import { ConsoleError } from "../errors.ts";
import type { ConsoleContext, Viewer } from "../context.ts";
import { keysNow } from "../queries/keys.ts";
import { saveConfig } from "./trial.ts";

/** How far a rotation is. */
export interface Rotation {
  readonly endpoint: string;
  /**
   * `one key`: a second one can be added. `new key unseen`: the store has not signed with it yet.
   * `new key seen`: the old one can be removed.
   */
  readonly step: "one key" | "new key unseen" | "new key seen";
  /** The fingerprints of the keys, the new one first. */
  readonly keys: readonly { readonly fingerprint: string; readonly lastUsedAt: string | null }[];
}

type Editing = Pick<
  ConsoleContext,
  "served" | "drafts" | "now" | "traffic" | "reader"
>;

const KEY_BYTES = 32;

/** How far the rotation of an endpoint's key is. */
export async function rotationOf(context: Editing, endpoint: string): Promise<Rotation> {
  const keys = (await keysNow(context)).filter((one) => one.endpoint === endpoint)
    .map(({ fingerprint, lastUsedAt }) => ({ fingerprint, lastUsedAt }));
  if (keys.length === 0) throw notPossible(`${endpoint} has no keys in the config`);
  // A key that is added stands before the other.
  const [newest] = keys;
  const step = keys.length === 1
    ? "one key"
    : newest?.lastUsedAt === null
    ? "new key unseen"
    : "new key seen";
  return { endpoint, step, keys };
}

function notPossible(reason: string): ConsoleError {
  return new ConsoleError("not_possible", { reason });
}

/** The first step: a key is made and added. It is shown this once. */
export async function addKey(
  context: Editing,
  viewer: Pick<Viewer, "name">,
  endpoint: string,
): Promise<{ readonly key: string } & Rotation> {
  const { step, keys } = await rotationOf(context, endpoint);
  if (step !== "one key") throw notPossible("the endpoint has two keys already");
  const key = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
    .toBase64({ alphabet: "base64url", omitPadding: true });
  await changeKeys(context, viewer, { endpoint, keys }, (before) => [key, ...before]);
  return { key, ...await rotationOf(context, endpoint) };
}

/**
 * The last step: the old key is removed, once the new one was seen.
 *
 * @throws {ConsoleError} `not_possible` while the store has not signed with the new one.
 */
export async function removeOldKey(
  context: Editing,
  viewer: Pick<Viewer, "name">,
  endpoint: string,
): Promise<Rotation> {
  const { step, keys } = await rotationOf(context, endpoint);
  if (step === "one key") throw notPossible("the endpoint has one key alone");
  if (step === "new key unseen") {
    throw notPossible("no request was signed with the new key yet: paste it into the store first");
  }
  await changeKeys(context, viewer, { endpoint, keys }, (before) => before.slice(0, -1));
  return await rotationOf(context, endpoint);
}

async function changeKeys(
  context: Editing,
  viewer: Pick<Viewer, "name">,
  { endpoint, keys: served }: Pick<Rotation, "endpoint" | "keys">,
  change: (keys: readonly unknown[]) => readonly unknown[],
): Promise<void> {
  const { text, fingerprint } = await readConfigFile(context.served().file);
  const root = parseTree(text, [], { allowTrailingComma: true });
  const endpoints = root === undefined ? undefined : findNodeAtLocation(root, ["endpoints"]);
  const index =
    endpoints?.children?.findIndex((one) =>
      findNodeAtLocation(one, ["path"])?.value === endpoint
    ) ?? -1;
  const path = ["endpoints", index, "signatureKeys"];
  const list = root === undefined || index < 0 ? undefined : findNodeAtLocation(root, path);
  if (list?.type !== "array" || list.children === undefined) {
    throw notPossible(
      "the keys do not stand in the config file as a list: change them where they are",
    );
  }
  const before = list.children.map((child): unknown => child.value);
  // How far the rotation is was told of the keys that are served.
  const isServedNow = before.length === served.length &&
    before.every((key, at) => isElsewhere(key) || fingerprintOf(key) === served[at]?.fingerprint);
  if (!isServedNow) {
    throw notPossible(
      "the config file holds other keys than those that are served: it was changed meanwhile, " +
        "or has mistakes",
    );
  }
  const after = change(before);
  const formattingOptions = {
    insertSpaces: true,
    tabSize: 2,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
  const edits = after.length > before.length
    ? modify(text, [...path, 0], after[0], {
      formattingOptions,
      isArrayInsertion: true,
    })
    : modify(text, [...path, before.length - 1], undefined, { formattingOptions });
  const { isServed } = await saveConfig(context, viewer, applyEdits(text, edits), fingerprint);
  if (!isServed) throw notPossible("the server has not taken over the config: see its mistakes");
}

/** What a reference stands for is known to whoever loads the config alone. */
function isElsewhere(key: unknown): boolean {
  return typeof key === "string" && key.includes("${");
}

function fingerprintOf(key: unknown): string | undefined {
  return typeof key === "string" ? keyFingerprint(key) : undefined;
}
