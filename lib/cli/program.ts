/**
 * How the user calls this program, for the commands that help texts and banners show.
 *
 * @returns `storehook` for the executable, the Deno command otherwise.
 */
export function programName(): string {
  return Deno.build.standalone ? "storehook" : `npx -y deno@${Deno.version.deno} run -A main.ts`;
}
