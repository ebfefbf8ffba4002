import { folderOf } from "../folder_of.ts";
import type { ServicePlan } from "../plan.ts";
import { SERVICE_NAME } from "../supervisor.ts";
import { environmentFileOf } from "./environment_file.ts";

const FIRST_FREE_PORT = 1024;

/**
 * Writes the unit of a service: an account of its own that reads the system, writes into the
 * folders of its config and has no right that it does not need.
 *
 * @param plan What runs and what it touches.
 * @returns The text of the unit's file.
 */
export function systemdUnit(plan: ServicePlan): string {
  const { executable, config, journal, folders, port } = plan;
  const paths = [executable, config, journal, ...folders];
  const capabilities = port < FIRST_FREE_PORT && port !== 0 ? "CAP_NET_BIND_SERVICE" : "";
  const isBelow = (path: string, ...roots: readonly string[]) =>
    roots.some((root) => path.startsWith(`${root}/`));
  const usesHome = paths.some((path) => isBelow(path, "/home", "/root", "/run/user"));
  const usesTemporary = paths.some((path) => isBelow(path, "/tmp", "/var/tmp"));
  const written = [...new Set([folderOf(journal), ...folders])];

  return `[Unit]
Description=Storehook, which answers uStore's webhooks
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
ExecStart=${word(executable, "$")} serve --config ${word(config, "$")}
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=${specifiersEscaped(folderOf(config))}
EnvironmentFile=-${specifiersEscaped(environmentFileOf(config))}
User=${SERVICE_NAME}
Group=${SERVICE_NAME}
UMask=0027

# 2 says that the config has a mistake: starting again would find it again.
Restart=on-failure
RestartSec=2
RestartPreventExitStatus=2
# Requests that are in are answered first.
KillSignal=SIGTERM
TimeoutStopSec=20
LimitNOFILE=65536

# All it may write is what its config names.
ProtectSystem=strict
ReadWritePaths=${written.map((path) => word(path)).join(" ")}
ProtectHome=${usesHome ? "read-only" : "yes"}
PrivateTmp=${usesTemporary ? "no" : "yes"}
PrivateDevices=yes

NoNewPrivileges=yes
CapabilityBoundingSet=${capabilities}
AmbientCapabilities=${capabilities}
${capabilities === "" ? "PrivateUsers=yes\n" : ""}ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
# V8 guards its own memory with the keys of @pkey.
SystemCallFilter=@system-service @pkey
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
# MemoryDenyWriteExecute is missing on purpose: V8 compiles JavaScript while it runs.

[Install]
WantedBy=multi-user.target
`;
}

function specifiersEscaped(text: string): string {
  return text.replaceAll("%", "%%");
}

/** One word of a line; where commands stand, variables are filled in, too. */
function word(text: string, variables: "$" | "" = ""): string {
  const escaped = specifiersEscaped(text).replaceAll(/["\\]/g, "\\$&");
  return `"${variables === "" ? escaped : escaped.replaceAll("$", "$$$$")}"`;
}
