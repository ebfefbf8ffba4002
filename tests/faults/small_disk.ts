/** A disk that is soon full. */

/** Mounts a small disk at a folder; whether this process may. */
export async function mountSmallDisk(folder: string, bytes: number): Promise<boolean> {
  const { success } = await new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder],
    stderr: "null",
  }).output().catch(() => ({ success: false }));
  return success;
}

/** Takes it away again. */
export async function unmount(folder: string): Promise<void> {
  await new Deno.Command("umount", { args: ["--lazy", folder], stderr: "null" }).output();
}

/** Whether this process may mount one. */
export const canMount: boolean = await tryMount();

async function tryMount(): Promise<boolean> {
  if (Deno.build.os !== "linux") return false;
  const folder = await Deno.makeTempDir();
  const mounted = await mountSmallDisk(folder, 1_048_576);
  if (mounted) await unmount(folder);
  await Deno.remove(folder);
  return mounted;
}
