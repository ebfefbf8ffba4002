import { folderOf } from "../folder_of.ts";
import type { ServicePlan } from "../plan.ts";
import { SERVICE_NAME, type Supervisor } from "../supervisor.ts";
import { environmentFileOf } from "./environment_file.ts";
import { systemdUnit } from "./unit.ts";

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
