import type { Handler } from "../../handlers/handler.ts";
import type { SampleConfig } from "./config/init.ts";
import type { Command } from "./terminal/command.ts";

/** A command that is loaded when it is asked for: most of the program serves others. */
export interface CommandEntry {
  readonly name: Command["name"];
  load(): Promise<Command>;
}

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "serve",
    load: async () => (await import("./serve/serve.ts")).serveCommand(await handlers()),
  },
  {
    name: "check",
    load: async () => (await import("./config/check.ts")).checkCommand(await handlers()),
  },
  {
    name: "init",
    load: async () =>
      (await import("./config/init.ts")).initCommand(await sampleConfig(), await handlers()),
  },
  {
    name: "sign",
    load: async () => (await import("./signature/sign.ts")).signCommand,
  },
  {
    name: "verify",
    load: async () => (await import("./signature/verify.ts")).verifyCommand,
  },
  {
    name: "send",
    load: async () => (await import("./send/send.ts")).sendCommand(await handlers()),
  },
  {
    name: "sample",
    load: async () => (await import("./send/sample.ts")).sampleCommand(await handlers()),
  },
  {
    name: "demo",
    load: async () =>
      (await import("./demo/demo.ts")).demoCommand(await handlers(), await sampleConfig()),
  },
  {
    name: "explain",
    load: async () => (await import("./explain/explain.ts")).explainCommand(await handlers()),
  },
  {
    name: "backtest",
    load: async () => (await import("./backtest/backtest.ts")).backtestCommand(await handlers()),
  },
  {
    name: "emporix config",
    load: async () => (await import("./config/emporix_config.ts")).emporixConfigCommand,
  },
  {
    name: "deliveries list",
    load: async () =>
      (await import("./deliveries/list.ts")).deliveriesListCommand(await handlers()),
  },
  {
    name: "deliveries show",
    load: async () =>
      (await import("./deliveries/show.ts")).deliveriesShowCommand(await handlers()),
  },
  {
    name: "deliveries export",
    load: async () =>
      (await import("./deliveries/export.ts")).deliveriesExportCommand(await handlers()),
  },
  {
    name: "events list",
    load: async () => (await import("./events/list.ts")).eventsListCommand(await handlers()),
  },
  {
    name: "events show",
    load: async () => (await import("./events/show.ts")).eventsShowCommand(await handlers()),
  },
  {
    name: "events export",
    load: async () => (await import("./events/export.ts")).eventsExportCommand(await handlers()),
  },
  {
    name: "forwards list",
    load: async () => (await import("./forwards/list.ts")).forwardsListCommand(await handlers()),
  },
  {
    name: "forwards show",
    load: async () => (await import("./forwards/show.ts")).forwardsShowCommand(await handlers()),
  },
  {
    name: "forwards retry",
    load: async () => (await import("./forwards/retry.ts")).forwardsRetryCommand(await handlers()),
  },
  {
    name: "forwards resend",
    load: async () =>
      (await import("./forwards/resend.ts")).forwardsResendCommand(await handlers()),
  },
  {
    name: "forwards cancel",
    load: async () =>
      (await import("./forwards/cancel.ts")).forwardsCancelCommand(await handlers()),
  },
  {
    name: "journal info",
    load: async () => (await import("./journal/info.ts")).journalInfoCommand(await handlers()),
  },
  {
    name: "journal prune",
    load: async () => (await import("./journal/prune.ts")).journalPruneCommand(await handlers()),
  },
  {
    name: "journal backup",
    load: async () => (await import("./journal/backup.ts")).journalBackupCommand(await handlers()),
  },
  {
    name: "journal erase",
    load: async () => (await import("./journal/erase.ts")).journalEraseCommand(await handlers()),
  },
  {
    name: "service install",
    load: async () =>
      (await import("./service/install.ts")).serviceInstallCommand(await handlers()),
  },
  {
    name: "service status",
    load: async () => (await import("./service/status.ts")).serviceStatusCommand(await handlers()),
  },
  {
    name: "service start",
    load: async () => (await import("./service/steps.ts")).serviceStartCommand,
  },
  {
    name: "service stop",
    load: async () => (await import("./service/steps.ts")).serviceStopCommand,
  },
  {
    name: "service uninstall",
    load: async () => (await import("./service/steps.ts")).serviceUninstallCommand,
  },
  {
    name: "service print",
    load: async () => (await import("./service/print.ts")).servicePrintCommand(await handlers()),
  },
  {
    name: "schema",
    load: async () => (await import("./config/schema.ts")).schemaCommand(await handlers()),
  },
  {
    name: "openapi",
    load: async () =>
      (await import("./openapi/openapi.ts")).openapiCommand(await handlers(), await sampleConfig()),
  },
  {
    name: "version",
    load: async () => (await import("./version.ts")).versionCommand,
  },
];

async function handlers(): Promise<readonly Handler[]> {
  return (await import("../../handlers/mod.ts")).handlers;
}

async function sampleConfig(): Promise<SampleConfig> {
  return (await import("../../handlers/ustore/sample_config.ts")).sampleConfig;
}
