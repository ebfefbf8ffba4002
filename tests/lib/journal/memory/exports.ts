import {
  type ExportIdentity,
  newExportIdentity,
  type StoredExport,
  type UncountedVersion,
} from "../../../../lib/journal/export.ts";

/** Exports in memory. */
export interface MemoryExports {
  readonly assign: (endpoint: string, listKey: string, externalId?: string) => ExportIdentity;
  /**
   * Prepares to save a version: what it returns saves it, and can't fail.
   *
   * @throws {RangeError} When the token is unknown.
   */
  readonly prepare: (version: UncountedVersion) => () => void;
  readonly find: (token: string, version?: number) => StoredExport | undefined;
  readonly allVersions: () => readonly UncountedVersion[];
  /** Removes the versions that are meant, and counts them. */
  readonly removeVersions: (isMeant: (version: UncountedVersion) => boolean) => number;
  readonly size: () => number;
}

interface Entry extends ExportIdentity {
  readonly endpoint: string;
  readonly listKey: string;
  /** How many versions there ever were. */
  count: number;
  /** Newest first. */
  versions: (UncountedVersion & { readonly version: number })[];
}

/**
 * Makes an empty collection.
 *
 * @returns The collection.
 */
export function createMemoryExports(): MemoryExports {
  const byList = new Map<string, Entry>();
  const byToken = new Map<string, Entry>();

  return {
    assign(endpoint, listKey, externalId) {
      const key = JSON.stringify([endpoint, listKey]);
      const entry = byList.get(key) ??
        { ...newExportIdentity(externalId), endpoint, listKey, count: 0, versions: [] };
      byList.set(key, entry);
      byToken.set(entry.token, entry);
      return { externalId: entry.externalId, token: entry.token };
    },
    prepare(version) {
      const entry = byToken.get(version.token);
      if (entry === undefined) throw new RangeError("Cannot save an export: its token is unknown");
      const copy = { ...version, list: version.list.slice() };
      return () => {
        const [newest, ...others] = entry.versions;
        // The same list again makes no version: the newest is then of this delivery.
        entry.versions = newest?.version === entry.count && areSameBytes(newest.list, copy.list)
          ? [{ ...newest, deliveryId: copy.deliveryId }, ...others]
          : [{ ...copy, version: ++entry.count }, ...entry.versions];
      };
    },
    find(token, wanted) {
      const entry = byToken.get(token);
      const found = entry?.versions.find(({ version }) =>
        wanted === undefined || version === wanted
      );
      if (entry === undefined || found === undefined) return undefined;
      const { count: _, versions, ...identity } = entry;
      return {
        ...identity,
        ...found,
        versions: versions.map(({ version, deliveryId, savedAt }) => ({
          version,
          deliveryId,
          savedAt,
        })),
      };
    },
    allVersions: () => Array.from(byList.values(), ({ versions }) => versions).flat(),
    removeVersions(isMeant) {
      let removed = 0;
      for (const entry of byList.values()) {
        const kept = entry.versions.filter((version) => !isMeant(version));
        removed += entry.versions.length - kept.length;
        entry.versions = kept;
      }
      return removed;
    },
    size: () => byList.size,
  };
}

function areSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
