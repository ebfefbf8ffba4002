/** Routes of what an admin changes: rules, the config's versions, and keys. */
import * as z from "zod";
import { ConsoleError } from "../errors.ts";
import { type EditorDeed, type EditorView, workOnRules } from "../editing/editor.ts";
import { addKey, removeOldKey, rotationOf } from "../editing/rotation.ts";
import { compareVersion, restoreVersion, versionsNow } from "../editing/versions.ts";
import { type ConsoleRoute, isOfApi, route, type RouteTools } from "./route.ts";
import { endpointPath, soughtText, soughtTime } from "./search.ts";

const DAY_MS = 86_400_000;
/** Rules with a thousand postcodes still fit. */
const MAX_BYTES = 2_097_152;

const delivery = soughtText.transform((text) => text?.trim().toLowerCase())
  .meta({ type: "string", description: "The id of the delivery that is decided beside it." });

/** Routes of what an admin changes. */
export const changingRoutes: readonly ConsoleRoute[] = [
  route({
    method: "GET",
    path: "/edit/{endpoint...}",
    page: "editor",
    pagePath: "/rules-edit/{endpoint...}",
    role: "admin",
    summary: "The rules of an endpoint as they stand in the config file, with comments",
    input: z.object({ endpoint: endpointPath, delivery }),
    run: (tools, { endpoint, delivery }) =>
      edit(tools, {
        ...{ endpoint, delivery, action: "check", since: 0 },
        isPatient: isOfApi(tools),
      }),
  }),
  route({
    method: "POST",
    path: "/edit/{endpoint...}",
    page: "editor",
    pagePath: "/rules-edit/{endpoint...}",
    role: "admin",
    summary: "Judges other rules, tries them on recorded deliveries, or saves what was tried",
    maxBytes: MAX_BYTES,
    input: z.object({
      endpoint: endpointPath,
      rules: z.string().optional().meta({
        description: "The text of the rules, from [ to ]; that of the file unless given.",
      }),
      action: z.enum(["check", "backtest", "save"]).default("check"),
      fingerprint: soughtText.meta({
        description: "That of the file from which the text was taken; nothing else is replaced.",
      }),
      receipt: soughtText.meta({ description: "What a trial of this very text gave." }),
      delivery,
      since: soughtTime,
    }),
    async run(tools, { since, ...deed }) {
      const from = since ?? tools.context.now() - 30 * DAY_MS;
      const view = await edit(tools, { ...deed, since: from, isPatient: true });
      if (view.refused !== null && isOfApi(tools)) {
        throw new ConsoleError("not_possible", { reason: view.refused });
      }
      return view;
    },
  }),
  route({
    method: "GET",
    path: "/config/versions",
    page: "versions",
    role: "admin",
    summary: "The versions of the config file that were replaced here, with who and when",
    input: z.object({}),
    run: async ({ context }) => ({
      file: context.served().file,
      versions: await versionsNow(context),
    }),
  }),
  route({
    method: "GET",
    path: "/config/versions/{id}",
    page: "version",
    role: "admin",
    summary: "What differs between a version and the config file of now, with secrets hidden",
    input: z.object({ id: z.string().max(200) }),
    run: ({ context }, { id }) => compareVersion(context, id),
  }),
  route({
    method: "POST",
    path: "/config/versions/{id}/restore",
    role: "admin",
    summary: "Goes back to a version, where it still is a config without mistakes",
    input: z.object({
      id: z.string().max(200),
      fingerprint: soughtText.meta({
        description: "That of the config file which is meant to be replaced.",
      }),
    }),
    async run({ context, viewer, audit }, { id, fingerprint = "" }) {
      await audit("restore config", id, "begun");
      const saved = await restoreVersion(context, viewer, id, fingerprint);
      await audit("restore config", id, saved.isServed ? "served" : "not served");
      return saved;
    },
  }),
  route({
    method: "GET",
    path: "/keys/rotation/{endpoint...}",
    page: "rotation",
    role: "admin",
    summary: "How far the rotation of an endpoint's key is",
    input: z.object({ endpoint: endpointPath }),
    run: ({ context }, { endpoint }) => rotationOf(context, endpoint),
  }),
  route({
    method: "POST",
    path: "/keys/rotation/{endpoint...}/add",
    page: "rotation",
    role: "admin",
    summary: "Makes a second key and adds it; it is shown this once",
    input: z.object({ endpoint: endpointPath }),
    async run({ context, viewer, audit }, { endpoint }) {
      await audit("add key", endpoint, "begun");
      const added = await addKey(context, viewer, endpoint);
      await audit("add key", endpoint, added.keys[0]?.fingerprint ?? "added");
      return added;
    },
  }),
  route({
    method: "POST",
    path: "/keys/rotation/{endpoint...}/remove",
    page: "rotation",
    role: "admin",
    summary: "Takes the old key out, once a request was signed with the new one",
    input: z.object({ endpoint: endpointPath }),
    async run({ context, viewer, audit }, { endpoint }) {
      await audit("remove key", endpoint, "begun");
      const left = await removeOldKey(context, viewer, endpoint);
      await audit("remove key", endpoint, `${left.keys[0]?.fingerprint ?? "none"} is left`);
      return left;
    },
  }),
];

/** Who edits sees one delivery again and again: that is one look. */
const LOOK_MS = 600_000;
const MOST_LOOKS = 1000;
const looks = new Map<string, number>();

async function edit(tools: RouteTools, deed: EditorDeed): Promise<EditorView> {
  const { context, viewer, audit } = tools;
  const { action, endpoint } = deed;
  // What is done is noted before it is done: if it cannot be noted, it is not.
  if (action === "save") await audit("save rules", endpoint, "begun");
  const view = await workOnRules(context, viewer, deed);
  if (action === "save") {
    const { saved, refused } = view;
    await audit("save rules", endpoint, refused ?? (saved?.isServed ? "served" : "not served"));
  }
  if (action === "backtest") {
    const { backtest } = view;
    const result = backtest === null ? "it has mistakes" : `${backtest.otherAnswer} other answers`;
    await audit("try rules", endpoint, result);
  }
  if (view.beside !== null) await noteLook(tools, view.beside.id);
  return view;
}

async function noteLook({ context, viewer, audit }: RouteTools, id: string): Promise<void> {
  const key = `${viewer.by} ${viewer.name} ${id}`;
  const now = context.now();
  if (now - (looks.get(key) ?? -Infinity) < LOOK_MS) return;
  await audit("look at delivery", id, "beside rules");
  looks.set(key, now);
  for (const old of [...looks.keys()].slice(0, -MOST_LOOKS)) looks.delete(old);
}
