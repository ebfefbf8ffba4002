import type { ServicePlan } from "./plan.ts";

/** The name of the service to its supervisor. */
export const SERVICE_NAME = "storehook";

/** What an admin can want of a service. */
export type ServiceAction = "install" | "start" | "stop" | "uninstall";

/** What starts the program with the machine, watches it and stops it. */
export interface Supervisor {
  readonly name: "systemd" | "winsw";
  /** Where the definition of the service belongs. */
  file(executable: string): string;
  /**
   * Writes the definition of a service.
   *
   * @throws {UsageError} When a path of the plan cannot be written in it.
   */
  definition(plan: ServicePlan): string;
  /** Where the supervisor's own program has to be, when it does not come with the system. */
  wrapper?(executable: string): string;
  /** The file of variables that the service gets, when it reads one. */
  environmentFile?(config: string): string;
  /** Begins a line that its shell skips. */
  readonly comment: string;
  /** The command that puts a definition, written elsewhere, where it belongs. */
  copy(from: string, executable: string): string;
  /** The commands that an admin runs once the definition is in its place. */
  install(plan: ServicePlan): readonly string[];
  /** The commands for the rest, by the path of the executable. */
  readonly steps: Readonly<
    Record<Exclude<ServiceAction, "install">, (executable: string) => readonly string[]>
  >;
}
