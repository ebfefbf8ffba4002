import * as z from "zod";
import { refuseAddress } from "../../../lib/auth/refusals.ts";
import type { Authenticator } from "../../../lib/auth/authenticator.ts";
import type { EndpointKind } from "../../../lib/config/endpoints/endpoint_kind.ts";

const outcome = z.union([
  z.strictObject({ group: z.int().min(0) }),
  z.strictObject({ approve: z.literal(true) }),
  z.strictObject({ reject: z.union([z.string().min(1), z.record(z.string(), z.string())]) }),
]);

const settings = z.strictObject({
  signatureKeys: z.array(z.string().min(1)).min(1).meta({ description: "The keys." }),
  defaultGroup: z.int().min(0).optional().meta({ description: "The group." }),
  mode: z.enum(["strict", "lenient"]).default("strict").meta({ description: "The mode." }),
  auth: z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("basic"), username: z.string(), password: z.string() }),
    z.strictObject({ type: z.literal("none") }),
  ]).optional().meta({ description: "Who may send." }),
  rules: z.array(z.strictObject({ name: z.string().min(1), when: z.string(), then: outcome }))
    .default([]).meta({ description: "The rules." }),
  otherwise: outcome.optional().meta({ description: "Without a match." }),
});

const NOBODY: Authenticator = {
  scheme: "none",
  keyFingerprints: [],
  verify: () => Promise.resolve(refuseAddress("nowhere")),
  sign: () => Promise.resolve({}),
};

/** A kind whose rules are wrong when they say so; it shows what it read, secrets too. */
export const fakeKind: EndpointKind = {
  kind: "fake.kind",
  summary: "answers its own settings",
  hasEvents: true,
  settings,
  open(raw, context) {
    const { rules, signatureKeys } = settings.parse(raw);
    rules.forEach(({ when }, index) => {
      if (when.startsWith("wrong")) {
        const said = `Cannot read rule ${when} with ${signatureKeys.join()}`;
        context.report(["rules", index, "when"], said, "Write another one");
      }
      if (when === "throw") throw new Error(`Key ${signatureKeys.join()} is broken`);
    });
    return Promise.resolve({
      auth: NOBODY,
      rules,
      answer: () => ({ result: JSON.stringify(context.publicUrl), decisions: [] }),
    });
  },
};

/** A second kind, without rules. */
export const plainKind: EndpointKind = {
  kind: "fake.plain",
  summary: "answers nothing",
  settings: z.strictObject({ note: z.string().optional().meta({ description: "A note." }) }),
  open: () =>
    Promise.resolve({
      auth: NOBODY,
      rules: [],
      answer: () => ({ result: "{}", decisions: [] }),
    }),
};
