import { dirname } from "@std/path";
import { folderTrouble } from "../util/files.ts";
import type { Config } from "./config.ts";
import type { Mistake } from "./mistake.ts";

/**
 * Finds folders that can't be: the server would go on without what stands there.
 *
 * @param config The config, with absolute paths.
 * @returns A warning for each.
 */
export async function checkFolders(
  { log, destinations }: Pick<Config, "log" | "destinations">,
): Promise<readonly Mistake[]> {
  const wanted = [
    ...(log.file === undefined ? [] : [{
      path: ["log", "file"],
      folder: dirname(log.file),
      isAlone: false,
      what: "nothing is logged there",
    }]),
    ...Object.entries(destinations).flatMap(([name, destination]) =>
      destination.type === "folder"
        ? [{
          path: ["destinations", name, "path"],
          folder: destination.path,
          isAlone: destination.isOwn !== true,
          what: "nothing arrives there",
        }]
        : []
    ),
  ];
  const found = await Promise.all(wanted.map(async ({ path, folder, isAlone, what }) => {
    const trouble = await folderTrouble(folder, isAlone);
    if (trouble === undefined) return [];
    const message = `found a folder that cannot be: ${trouble}, so ${what}`;
    return [{ path, message, hint: "Name a folder that is there, or one that can be made" }];
  }));
  return found.flat();
}
