import { dirname } from "@std/path";
import type { Config } from "../../config/schema.ts";

/** The name of the service to its supervisor. */
export const SERVICE_NAME = "storehook";

/** What an admin can want of a service. */
export type ServiceAction = "install" | "start" | "stop" | "uninstall";

/** What starts the program with the machine, watches it and stops it. */
export interface Supervisor {
  readonly name: "systemd" | "winsw";
  /** Where the definition of the service belongs. */
  file(executable: string): string;
  /**
   * Writes the definition of a service.
   *
   * @throws {UsageError} When a path of the plan cannot be written in it.
   */
  definition(plan: ServicePlan): string;
  /** Where the supervisor's own program has to be, when it does not come with the system. */
  wrapper?(executable: string): string;
  /** The file of variables that the service gets, when it reads one. */
  environmentFile?(config: string): string;
  /** Begins a line that its shell skips. */
  readonly comment: string;
  /** The command that puts a definition, written elsewhere, where it belongs. */
  copy(from: string, executable: string): string;
  /** The commands that an admin runs once the definition is in its place. */
  install(plan: ServicePlan): readonly string[];
  /** The commands for the rest, by the path of the executable. */
  readonly steps: Readonly<
    Record<Exclude<ServiceAction, "install">, (executable: string) => readonly string[]>
  >;
}

/** What runs as a service, and what it touches. */
export interface ServicePlan {
  /** The absolute path of the executable. */
  readonly executable: string;
  /** The absolute path of its config. */
  readonly config: string;
  /** The file of its journal, or of what stands in for it here. */
  readonly journal: string;
  /** The other folders into which it writes. */
  readonly folders: readonly string[];
  /** Where it listens. */
  readonly port: number;
}

/** What of a config tells what its service touches. */
type ConfigOfService = Pick<Config, "journal" | "log" | "destinations"> & {
  readonly server: Pick<Config["server"], "port">;
};

/**
 * Reads from a config what a service of it touches.
 *
 * @param files The executable and the config's file.
 * @param config The config.
 * @returns The plan.
 */
export function planService(
  files: Pick<ServicePlan, "executable" | "config">,
  { server, journal, log, destinations }: ConfigOfService,
): ServicePlan {
  const folders = [
    ...(log.file === undefined ? [] : [dirname(log.file)]),
    ...Object.values(destinations).flatMap((destination) =>
      destination.type === "folder" ? [destination.path] : []
    ),
  ];
  // A journal on another machine leaves a file here for when that is away.
  const file = journal.url === undefined ? journal.path : journal.spool;
  const journalFolder = dirname(file);
  return {
    ...files,
    journal: file,
    folders: [...new Set(folders)].filter((folder) => folder !== journalFolder),
    port: server.port,
  };
}

/**
 * Names the folder of a file by the separators in its path, whatever machine this is: a service can
 * be printed for another.
 *
 * @param path An absolute path of Windows or another system.
 * @returns The path of its folder.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { folderOf } from "./supervisor.ts";
 *
 * assertEquals(folderOf("C:\\Storehook\\config.json"), "C:\\Storehook");
 * assertEquals(folderOf("/etc/storehook/config.json"), "/etc/storehook");
 * assertEquals(folderOf("/config.json"), "/");
 * assertEquals(folderOf("D:\\config.json"), "D:\\");
 * ```
 */
export function folderOf(path: string): string {
  const folder = path.replace(/[\\/][^\\/]*$/, "");
  if (folder === "") return "/";
  return folder.endsWith(":") ? `${folder}\\` : folder;
}
