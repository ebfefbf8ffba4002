/** A folder with a config that has tests beside its rules. */
import { dirname, join } from "@std/path";
import { CONFIG, type JournalWorld, type Ran, withJournal } from "../journal_world.ts";

/** What a test of rule tests works with. */
export interface RuleTestsWorld extends JournalWorld {
  /** Writes a file below the folder, such as `tests/a.json`. */
  file(name: string, content: unknown): Promise<void>;
  /** Runs `storehook test`. */
  test(...args: readonly string[]): Promise<Ran>;
}

/** The config of the journal's tests, with tests and a service. */
export const TESTED = {
  ...CONFIG,
  timeZone: "UTC",
  tests: ["tests/*.json"],
  services: { budget: { url: "http://127.0.0.1:9/", onFailure: { approve: true } } },
  endpoints: CONFIG.endpoints.map((endpoint) =>
    endpoint.path !== "/approval" ? endpoint : {
      ...endpoint,
      groups: [7],
      rules: [
        { name: "night", when: "order.created.hour() >= 22", then: { reject: { en: "Closed" } } },
        { name: "asked", when: "order.user.department == 'Art'", then: { ask: "budget" } },
        ...endpoint.rules ?? [],
      ],
    }
  ),
};

/** A test that passes. */
export const LARGE = {
  name: "a large order needs a group",
  endpoint: "/approval",
  order: { change: { "order.total": 612.4 } },
  expect: { rule: "large", answer: { ApprovalGroupId: 7 } },
};

/** Runs with such a folder, which is gone afterwards. */
export async function withRuleTests(
  files: Readonly<Record<string, unknown>>,
  run: (world: RuleTestsWorld) => Promise<void>,
  config: object = TESTED,
): Promise<void> {
  await withJournal(async (world) => {
    async function file(name: string, content: unknown): Promise<void> {
      const path = join(world.folder, name);
      await Deno.mkdir(dirname(path), { recursive: true });
      const text = typeof content === "string" ? content : JSON.stringify(content);
      await Deno.writeTextFile(path, text);
    }
    await file("config.json", config);
    for (const [name, content] of Object.entries(files)) await file(name, content);
    await run({ ...world, file, test: (...args) => world.run("test", ...args) });
  });
}
