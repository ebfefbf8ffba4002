import type { ServicePlan } from "../plan.ts";

/** An account of Windows without a password. */
export interface ServiceAccount {
  readonly domain: string;
  readonly user: string;
  /** Its identifier, which is the same in every language of Windows. */
  readonly sid: string;
}

/**
 * Chooses the account of a service: the one with the fewest rights, but where a folder is on
 * another machine, the one that is known there as this machine.
 *
 * @param plan What the service touches.
 * @returns The account.
 */
export function serviceAccount(
  { journal, folders }: Pick<ServicePlan, "journal" | "folders">,
): ServiceAccount {
  const isShared = [journal, ...folders].some((path) => path.startsWith("\\\\"));
  return isShared
    ? { domain: "NT AUTHORITY", user: "NetworkService", sid: "S-1-5-20" }
    : { domain: "NT AUTHORITY", user: "LocalService", sid: "S-1-5-19" };
}
