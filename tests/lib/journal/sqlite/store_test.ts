import { join } from "@std/path";
import { openJournal } from "../../../../lib/journal/sqlite/open.ts";
import { testContract } from "../contract.ts";
import { withFolder, type WithJournal } from "../samples.ts";

const withJournal: WithJournal = (run, refused) =>
  withFolder(async (folder) => {
    const path = join(folder, "data", "journal.db");
    const journal = openJournal(path, refused === undefined ? {} : { refused });
    try {
      await run(journal);
    } finally {
      await journal.close();
    }
  });

// To open a file takes long there, and each example makes several.
testContract("openJournal()", withJournal, Deno.build.os === "windows" ? 5 : undefined);
