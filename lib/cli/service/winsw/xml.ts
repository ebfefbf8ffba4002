import { UsageError } from "../../terminal/command.ts";
import { folderOf } from "../folder_of.ts";
import type { ServicePlan } from "../plan.ts";
import { SERVICE_NAME } from "../supervisor.ts";
import { serviceAccount } from "./account.ts";

/**
 * Writes the definition of a service for WinSW, versions 2 and 3.
 *
 * WinSW ends with the exit code of the program, and Windows knows no code after which it would not
 * start again: so a config with a mistake is tried again, too, at last every ten minutes.
 *
 * @param plan What runs and what it touches.
 * @returns The text of the XML file.
 * @throws {UsageError} When a path holds a character that WinSW takes as something else, or a file
 * is in the root of a drive.
 */
export function winswXml(plan: ServicePlan): string {
  const { executable, config } = plan;
  for (const path of [executable, config]) refuse(path);
  // The steps close the folder to other users, which must not happen to a whole drive.
  for (const path of [executable, config]) refuseRoot(path);
  const { domain, user } = serviceAccount(plan);
  return `<?xml version="1.0" encoding="UTF-8"?>
<service>
  <id>${SERVICE_NAME}</id>
  <name>Storehook</name>
  <description>Answers the webhooks of uStore.</description>
  <executable>${escaped(executable)}</executable>
  <arguments>serve --config "${escaped(config)}"</arguments>
  <workingdirectory>${escaped(folderOf(config))}</workingdirectory>
  <startmode>Automatic</startmode>
  <delayedAutoStart>true</delayedAutoStart>
  <!-- Requests that are in are answered first. -->
  <stoptimeout>20 sec</stoptimeout>
  <onfailure action="restart" delay="10 sec"/>
  <onfailure action="restart" delay="1 min"/>
  <onfailure action="restart" delay="10 min"/>
  <resetfailure>1 hour</resetfailure>
  <logpath>${escaped(logFolderOf(config))}</logpath>
  <log mode="roll-by-size">
    <sizeThreshold>10240</sizeThreshold>
    <keepFiles>8</keepFiles>
  </log>
  <serviceaccount>
    <!-- The first two are for WinSW 2, the third is for WinSW 3. -->
    <domain>${domain}</domain>
    <user>${user}</user>
    <username>${domain}\\${user}</username>
  </serviceaccount>
</service>
`;
}

/**
 * Names the folder into which WinSW writes what the program logs.
 *
 * @param config The path of the config.
 * @returns The path of a folder beside it.
 */
export function logFolderOf(config: string): string {
  return `${folderOf(config).replace(/\\$/, "")}\\logs`;
}

function refuse(path: string): void {
  const [found] = /["%]/.exec(path) ?? [];
  if (found === undefined) return;
  throw new UsageError(
    `Cannot write ${JSON.stringify(path)} for WinSW: it holds ${found}, which WinSW replaces`,
  );
}

function refuseRoot(path: string): void {
  if (!folderOf(path).endsWith("\\")) return;
  throw new UsageError(
    `Cannot make a service of ${JSON.stringify(path)}: wanted a file in a folder of its own`,
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
