import * as z from "zod";

/** What the text of a path may not hold: `"data\new"` is a line break that was meant as a folder. */
export const filePath = z.string().min(1)
  .regex(/^\P{Cc}*$/u, "wanted a path without control characters; write a backslash twice");
