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
 * import { folderOf } from "./folder_of.ts";
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
