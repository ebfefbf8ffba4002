import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { PERMISSION_FLAGS } from "../../../release/permissions.ts";
import { headOf, KEY } from "../delivery.ts";
import { MAIN, MAIN_ENV } from "../main_module.ts";
import { temporaryFolder } from "../program.ts";
import { connect, type RawConnection } from "../raw_http.ts";
import { DEADLINE_MS, eventually } from "../waits.ts";

const MAX_FILES = 160;

/** Connects until nobody takes connections, with a body that never comes. */
async function takeAll(port: number): Promise<readonly RawConnection[]> {
  const taken: RawConnection[] = [];
  for (let count = 0; count < 2 * MAX_FILES; count++) {
    try {
      const connection = await connect({ port });
      taken.push(connection);
      await connection.send(headOf({ target: "/approve" }), "{");
    } catch {
      // It is refused for a moment when the listener begins again.
    }
  }
  return taken;
}

async function untilAlive(url: string): Promise<void> {
  await eventually(`an answer at ${url}`, async () => {
    try {
      const response = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(5000) });
      await response.body?.cancel();
      return response.status === 200;
    } catch {
      return false;
    }
  });
}

for (const hostname of ["127.0.0.1", "0.0.0.0"]) {
  Deno.test({
    name: `a server that may open no more files goes on, at ${hostname}`,
    // Elsewhere a shell can't say how many files a program may open.
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using folder = await temporaryFolder();
      const config = {
        server: { hostname, port: 0, publicUrl: "http://localhost", bodyTimeoutMs: 2000 },
        admin: { port: 0 },
        endpoints: [{
          path: "/approve",
          kind: "ustore.order-approval",
          signatureKeys: [`my-${KEY}`],
          otherwise: { customConfig: true },
        }],
      };
      const file = join(folder.path, "config.json");
      await Deno.writeTextFile(file, JSON.stringify(config));
      const words = ["run", "--no-lock", ...PERMISSION_FLAGS, MAIN, "serve"];
      const child = new Deno.Command("sh", {
        args: [
          "-c",
          `ulimit -n ${MAX_FILES}; exec "$0" "$@"`,
          Deno.execPath(),
          ...[...words, "--config", file],
        ],
        env: { ...MAIN_ENV, NO_COLOR: "1" },
        stdout: "piped",
        stderr: "null",
        signal: AbortSignal.timeout(DEADLINE_MS),
      }).spawn();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!text.includes("Stop it with")) text += (await reader.read()).value ?? "";
      const port = Number(/listens on \S+:(\d+)/.exec(text)?.[1]);
      const url = `http://127.0.0.1:${port}`;
      await untilAlive(url);
      const taken = await takeAll(port);
      if (hostname === "0.0.0.0") await untilAlive(url);
      for (const connection of taken) connection[Symbol.dispose]();
      await untilAlive(url);
      child.kill("SIGTERM");
      while (!(await reader.read()).done);
      assertEquals((await child.status).code, 0);
    },
  });
}
