/** The folders that a service of Windows reads and writes, and who may do so. */
import { type AccountId, closeFolder, grantFolder } from "../../windows/account_rights.ts";
import { messageOf } from "../../util/words.ts";
import { folderOf, type ServicePlan } from "./supervisor.ts";
import { UsageError } from "../terminal/terminal.ts";

/** A folder, and what a service does there. */
export interface ServiceFolder {
  readonly path: string;
  readonly right: "read" | "change";
  /** Whether nobody else but administrators has a right there: what holds keys, or is run. */
  readonly isClosed: boolean;
}

/** Folders of Windows itself, whose rights are its own. */
const OF_WINDOWS = /^[a-z]:\\(?:windows|program files(?: \(x86\))?)(?:\\|$)/i;

/** Folders in which somebody else has something: the root of a drive, and those of people. */
const SHARED = /\\$|^[a-z]:\\users(?:\\|$)/i;

/**
 * Says which folders a service touches.
 *
 * @param plan What it runs and touches.
 * @param isExecutable Whether it is the executable, which shall be nobody's to replace.
 * @returns The folders, each once.
 * @throws {UsageError} When the executable or its config is in a folder whose rights are not to be
 * changed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { foldersOfService } from "./windows_folders.ts";
 *
 * const plan = {
 *   executable: "C:\\Storehook\\storehook.exe",
 *   config: "C:\\Storehook\\config.json",
 *   journal: "C:\\Storehook\\data\\journal.db",
 *   folders: ["C:\\Storehook\\logs", "D:\\hot"],
 *   port: 8080,
 * };
 * assertEquals(foldersOfService(plan, true), [
 *   { path: "C:\\Storehook", right: "read", isClosed: true },
 *   { path: "C:\\Storehook\\data", right: "change", isClosed: false },
 *   { path: "C:\\Storehook\\logs", right: "change", isClosed: false },
 *   { path: "D:\\hot", right: "change", isClosed: false },
 * ]);
 * ```
 */
export function foldersOfService(
  plan: ServicePlan,
  isExecutable: boolean,
): readonly ServiceFolder[] {
  const { executable, config, journal, folders } = plan;
  const read = [...(isExecutable ? [executable] : []), config].map(folderOf);
  const shared = isExecutable ? read.find((folder) => SHARED.test(folder)) : undefined;
  if (shared !== undefined) {
    throw new UsageError(
      `Cannot make a service of files in ${shared}, which would be closed to others: put the ` +
        "program and its config into a folder of their own, such as C:\\Storehook, or give " +
        "--keep-rights and set the rights by hand",
    );
  }
  const written = [folderOf(journal), ...folders];
  const found = new Map<string, ServiceFolder>();
  for (const path of [...read, ...written]) {
    const right = written.some((folder) => isSame(folder, path)) ? "change" : "read";
    const isClosed = isExecutable && read.includes(path) && !OF_WINDOWS.test(path);
    if (!found.has(path.toLowerCase())) found.set(path.toLowerCase(), { path, right, isClosed });
  }
  return [...found.values()];
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What became of the rights on folders, in words. */
export interface FolderRights {
  readonly done: readonly string[];
  /** Each with what to do by hand. */
  readonly failed: readonly string[];
}

/**
 * Gives the account of a service its rights, and makes the folders that are missing.
 *
 * @param folders The folders.
 * @param account The account: its identifier, and its name for people.
 * @returns What was done and what was not.
 */
export async function setFolderRights(
  folders: readonly ServiceFolder[],
  { id, account }: { readonly id: AccountId; readonly account: string },
): Promise<FolderRights> {
  const done: string[] = [];
  const failed: string[] = [];
  for (const { path, right, isClosed } of folders) {
    const verb = right === "read" ? "reads" : "changes";
    if (path.startsWith("\\\\")) {
      // Its rights are given on the machine that has it, and this machine is the account there.
      failed.push(
        `${path} is on another machine: let ${account} ${right} it there; an account of this machine ` +
          "is known there as DOMAIN\\THIS-MACHINE$",
      );
      continue;
    }
    try {
      await Deno.mkdir(path, { recursive: true });
      if (isClosed) closeFolder(path, { account: id, right });
      else grantFolder(path, { account: id, right });
      done.push(
        `${path}: ${account} ${verb} it${isClosed ? ", and administrators alone beside it" : ""}`,
      );
    } catch (error) {
      const grant = `"${account}:(OI)(CI)${right === "read" ? "RX" : "M"}"`;
      failed.push(
        `Cannot let ${account} ${right} ${path}: ${messageOf(error)}; as an administrator, run: ` +
          `icacls "${path}" /grant ${grant}`,
      );
    }
  }
  return { done, failed };
}
