import type { ServicePlan } from "../../../../lib/cli/service/supervisor.ts";

/** A service of Linux. */
export const LINUX_PLAN: ServicePlan = {
  executable: "/opt/storehook/storehook",
  config: "/etc/storehook/config.json",
  journal: "/var/lib/storehook/journal.db",
  folders: ["/srv/hot folder"],
  port: 8080,
};

/** A service of Windows. */
export const WINDOWS_PLAN: ServicePlan = {
  executable: "C:\\Storehook\\storehook.exe",
  config: "C:\\Storehook\\config.json",
  journal: "C:\\Storehook\\data\\journal.db",
  folders: ["D:\\Hot & cold"],
  port: 8080,
};
