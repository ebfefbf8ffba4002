import type { Traffic } from "../../../lib/console/traffic.ts";
import type { MeteredRequest } from "../../../lib/observe/metrics/requests.ts";

const NOTHING_ELSE = {
  prepare: () => {},
  answered: () => {},
  answeredItself: () => {},
  watch: () => {},
};

/** Has a delivery counted that was answered; verified by the first key, unless it was refused. */
export function countAnswer(
  traffic: Traffic,
  path: string,
  status: number,
  receivedAt: number,
  { decisions = [], isVerified = true }: {
    readonly decisions?: MeteredRequest["decisions"];
    readonly isVerified?: boolean;
  } = {},
): void {
  traffic.meter(NOTHING_ELSE).answered(
    {
      endpoint: { path, kind: "test", rules: [], auth: { keyFingerprints: ["3f2a91bc"] } },
      ...{ decisions, events: [], problem: undefined, receivedAt },
      verified: isVerified ? { keyIndex: 0 } : undefined,
    },
    status,
    1,
  );
}
