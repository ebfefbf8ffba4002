import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { createMeters } from "../../../../lib/observe/metrics/meters.ts";
import { parseMetrics, valueOf } from "./parse_metrics.ts";

Deno.test("createMeters() tells the version and what the process takes", async () => {
  const families = parseMetrics(await createMeters("1.2.3").text());
  const [build] = families.get("storehook_build_info")?.samples ?? [];
  assertEquals([build?.labels["version"], build?.labels["deno"], build?.value], [
    "1.2.3",
    Deno.version.deno,
    1,
  ]);
  const [resident] = families.get("process_resident_memory_bytes")?.samples ?? [];
  assertEquals(Number(resident?.value) > 1_000_000, true);
});

Deno.test("observeReload() tells a good config from one with mistakes", async () => {
  const meters = createMeters("1.2.3");
  const read = async () => {
    const text = await meters.text();
    return [
      valueOf(text, "storehook_config_last_reload_successful"),
      valueOf(text, "storehook_config_reloads_total", { result: "success" }),
      valueOf(text, "storehook_config_reloads_total", { result: "failure" }),
    ];
  };
  assertEquals(await read(), [1, 0, 0]);
  meters.observeReload(false);
  assertEquals(await read(), [0, 0, 1]);
  meters.observeReload(true);
  assertEquals(await read(), [1, 1, 1]);
});

Deno.test("observeServiceCall() counts by service and outcome", async () => {
  const meters = createMeters("1.2.3");
  meters.observeServiceCall({ service: "pricing", outcome: "answered", durationMs: 250 });
  const text = await meters.text();
  const service = "pricing";
  assertEquals(
    valueOf(text, "storehook_service_calls_total", { service, outcome: "answered" }),
    1,
  );
  assertEquals(valueOf(text, "storehook_service_call_duration_seconds_sum", { service }), 0.25);
});

Deno.test("the journal's meter tells its transactions, its files and whether it can be written", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "journal.db");
    await Deno.writeFile(path, new Uint8Array(4096));
    const { journal, text } = createMeters("1.2.3");
    journal.watch({ path, state: () => ({ writable: false }) });
    journal.committed({ durationMs: 2, changes: 3, stored: true });
    journal.committed({ durationMs: 2, changes: 9, stored: false });
    const found = await text();
    assertEquals(valueOf(found, "storehook_journal_writable"), 0);
    assertEquals(valueOf(found, "storehook_journal_file_bytes", { file: "database" }), 4096);
    assertEquals(valueOf(found, "storehook_journal_file_bytes", { file: "log" }), undefined);
    assertEquals(valueOf(found, "storehook_journal_commit_changes_sum"), 3);
    assertEquals(valueOf(found, "storehook_journal_commit_duration_seconds_sum"), 0.002);
    assertEquals(valueOf(found, "storehook_journal_commit_failures_total"), 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
