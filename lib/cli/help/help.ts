import { dim, setColorEnabled } from "@std/fmt/colors";
import type { Terminal } from "../terminal/command.ts";
import { readPages } from "../../util/doc_pages.ts";
import { renderMarkdown, wrap } from "./render.ts";
import { findTopic } from "./topic.ts";

/**
 * Shows what the documentation says on a topic: `storehook help TOPIC`.
 *
 * @param topic The words that were given.
 * @param terminal Where it is shown.
 * @returns The exit code: 2 when there is nothing on the topic.
 */
export async function showTopic(topic: readonly string[], terminal: Terminal): Promise<number> {
  const pages = await readPages();
  const found = findTopic(pages, topic);
  if (found.sections === undefined) {
    const meant = found.nearest === undefined ? "" : `, did you mean "${found.nearest}"?`;
    const names = [...pages.keys()].filter((name) => name !== "README");
    terminal.err(
      `There is no command and no page on "${topic.join(" ")}"${meant}\n` +
        `${wrap(`Pages: ${names.join(", ")}`, "  ", "").join("\n")}\n` +
        "Any code of an error and any key of the config is a topic, too\n" +
        'The commands: "storehook --help"\n',
    );
    return 2;
  }
  setColorEnabled(terminal.colour);
  const shown = found.sections.map(({ page, text }) =>
    [
      ...renderMarkdown(text),
      "",
      dim(`From docs/${page}.md; the whole page: storehook help ${page}`),
    ]
      .join("\n")
  );
  terminal.out(`${shown.join("\n\n")}\n`);
  return 0;
}
