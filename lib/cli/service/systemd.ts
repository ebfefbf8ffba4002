import { folderOf, SERVICE_NAME, type ServicePlan, type Supervisor } from "./supervisor.ts";

const UNIT_FILE = `/etc/systemd/system/${SERVICE_NAME}.service`;

/** The supervisor of most Linux systems. */
export const systemd: Supervisor = {
  name: "systemd",
  file: () => UNIT_FILE,
  definition: systemdUnit,
  environmentFile: environmentFileOf,
  comment: "# ",
  copy: (from) => `install -m 0644 ${quoted(from)} ${UNIT_FILE}`,
  install,
  steps: {
    start: () => [`systemctl start ${SERVICE_NAME}`],
    stop: () => [`systemctl stop ${SERVICE_NAME}`],
    uninstall: () => [
      `systemctl disable --now ${SERVICE_NAME}`,
      `rm ${UNIT_FILE}`,
      "systemctl daemon-reload",
      "# The config, the journal and the account stay.",
    ],
  },
};

function install({ config, journal, folders }: ServicePlan): readonly string[] {
  const account = SERVICE_NAME;
  const own = `install -d -o ${account} -g ${account} -m 0750`;
  const folder = folderOf(journal);
  const variables = quoted(environmentFileOf(config));
  return [
    "# An account of its own, which nobody can log in to:",
    `id -u ${account} >/dev/null 2>&1 || ` +
    `useradd --system --user-group --no-create-home --shell /usr/sbin/nologin ${account}`,
    "# It reads the config, and nobody else but root does:",
    `chown root:${account} ${quoted(config)}`,
    `chmod 0640 ${quoted(config)}`,
    "# Variables that the config names, when they are kept in a file:",
    `if [ -e ${variables} ]; then chown root:root ${variables}; chmod 0600 ${variables}; fi`,
    "# It writes the journal, also one that somebody else has begun:",
    `${own} ${quoted(folder)}`,
    `for file in ${quoted(journal)}*; do [ ! -e "$file" ] || ` +
    `chown ${account}:${account} "$file"; done`,
    ...folders.flatMap((each) => [
      `# It writes here, too; a folder that exists is left as it is:`,
      `[ -d ${quoted(each)} ] || ${own} ${quoted(each)}`,
    ]),
    "# The service:",
    "systemctl daemon-reload",
    `systemctl enable --now ${SERVICE_NAME}`,
  ];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

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

/**
 * Names the file from which a service gets its variables, e.g. the keys that its config names.
 *
 * @param config The path of the config.
 * @returns The path of a file beside it.
 */
function environmentFileOf(config: string): string {
  return `${folderOf(config).replace(/\/$/, "")}/storehook.env`;
}

/**
 * Reads such a file as systemd does, as far as keys need it.
 *
 * @param text Lines of `NAME=VALUE`, the value in quotes or not; `#` and `;` begin a comment.
 * @returns The variables; the last of a name counts.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseEnvironmentFile } from "./systemd.ts";
 *
 * const text = '# keys\nUSTORE_SIGNATURE_KEY="a b=c"\n OTHER = d \n';
 * assertEquals(Object.fromEntries(parseEnvironmentFile(text)), {
 *   USTORE_SIGNATURE_KEY: "a b=c",
 *   OTHER: "d",
 * });
 * ```
 */
export function parseEnvironmentFile(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const [, name = "", value = ""] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return name === "" ? [] : [[name, unquoted(value)] as const];
    }),
  );
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}
