import { dirname } from "@std/path";
import type { Config } from "../../config/schema.ts";

/** What runs as a service, and what it touches. */
export interface ServicePlan {
  /** The absolute path of the executable. */
  readonly executable: string;
  /** The absolute path of its config. */
  readonly config: string;
  /** The file of its journal. */
  readonly journal: string;
  /** The other folders into which it writes. */
  readonly folders: readonly string[];
  /** Where it listens. */
  readonly port: number;
}

/**
 * Reads from a config what a service of it touches.
 *
 * @param files The executable and the config's file.
 * @param config The config.
 * @returns The plan.
 */
export function planService(
  files: Pick<ServicePlan, "executable" | "config">,
  { server, journal, log, destinations }: Config,
): ServicePlan {
  const folders = [
    ...(log.file === undefined ? [] : [dirname(log.file)]),
    ...Object.values(destinations).flatMap((destination) =>
      destination.type === "folder" ? [destination.path] : []
    ),
  ];
  const journalFolder = dirname(journal.path);
  return {
    ...files,
    journal: journal.path,
    folders: [...new Set(folders)].filter((folder) => folder !== journalFolder),
    port: server.port,
  };
}
