/** What each page shows, and around what. */
import type { ListedAudit } from "../../journal/console.ts";
import type { ForwardCounts } from "../../journal/forwards.ts";
import type { Viewer } from "../context.ts";
import type { DocsList } from "../docs/docs.ts";
import type { ShownDoc } from "../docs/markdown.ts";
import type { EditorView } from "../editing/editor.ts";
import type { Rotation } from "../editing/rotation.ts";
import type { ComparedVersion, ShownVersion } from "../editing/versions.ts";
import type { ShownConfig } from "../queries/config.ts";
import type { DecidedAgain, ShownPinnedTest } from "../queries/decide_again.ts";
import type { DeliveryDetails } from "../queries/delivery.ts";
import type { DestinationHealth } from "../queries/destinations.ts";
import type { ExaminedSignature } from "../queries/doctor.ts";
import type { KeyOfEndpoint } from "../queries/keys.ts";
import type { Overview } from "../queries/overview.ts";
import type { RulesOfEndpoint } from "../queries/rules.ts";
import type { ServiceHealth } from "../queries/services.ts";
import type {
  EventList,
  EventWithForwards,
  ForwardList,
  ForwardWithHistory,
  FoundDeliveryList,
} from "../reader/rows.ts";
import type { Surroundings } from "./surroundings.ts";

/** A refused delivery with what is wrong with its signature. */
export type RefusedSignature = Pick<
  DeliveryDetails,
  "id" | "endpoint" | "verifiedBy" | "note" | "signature" | "isBeingExamined"
>;

/** What each page shows. */
export interface PageData {
  readonly login: {
    /** Where to go then, below the console's own path. */
    readonly to: string;
    /** What went wrong, for people. */
    readonly mistake?: string;
    /** Whether somebody can sign in with a password at all. */
    readonly hasUsers: boolean;
  };
  /** What was sent by who is signed out, to be sent again. */
  readonly signedOut: {
    /** The path to which it is sent. */
    readonly action: string;
    readonly values: Readonly<Record<string, unknown>>;
  };
  readonly error: { readonly status: number; readonly code: string; readonly message: string };
  readonly overview: Overview;
  readonly deliveries: FoundDeliveryList;
  readonly delivery: DeliveryDetails;
  readonly events: EventList;
  readonly event: EventWithForwards;
  readonly forwards: ForwardList & {
    /** How many there are by where they stand. */
    readonly counts: ForwardCounts;
  };
  readonly forward: ForwardWithHistory;
  readonly destinations: { readonly destinations: readonly DestinationHealth[] };
  readonly finding: RefusedSignature;
  readonly decided: DecidedAgain;
  readonly pinned: ShownPinnedTest;
  /** A question before many forwards are changed: what is sent to do it is its `selection`. */
  readonly confirm: {
    /** The path to which it is sent. */
    readonly action: string;
    readonly forwards: number;
    readonly selection: Readonly<Record<string, unknown>>;
    /** Where to go then. */
    readonly back: string;
  };
  readonly services: { readonly services: readonly ServiceHealth[] };
  readonly rules: RulesOfEndpoint;
  readonly config: ShownConfig;
  readonly editor: EditorView;
  readonly versions: { readonly file: string; readonly versions: readonly ShownVersion[] };
  readonly version: ComparedVersion;
  /** The key that was just made is there this once. */
  readonly rotation: Rotation & { readonly key?: string };
  readonly keys: { readonly keys: readonly KeyOfEndpoint[] };
  /** The form; with what was found out behind it once something was sent. */
  readonly doctor:
    | {
      readonly endpoints: readonly {
        readonly path: string;
        readonly kind: string;
        readonly scheme: string;
      }[];
    }
    | ExaminedSignature;
  readonly audit: {
    readonly entries: readonly (Omit<ListedAudit, "at"> & { readonly at: string })[];
    readonly next: string | null;
  };
  readonly docs: DocsList;
  readonly doc: ShownDoc;
}

/** The name of a page. */
export type PageName = keyof PageData;

/** Who looks, and where. */
export interface PagePlace {
  /** Nobody is signed in at `login` and, perhaps, at `error` and in the documentation. */
  readonly viewer: Pick<Viewer, "language" | "base"> & Partial<Viewer>;
  /** The path and the query below the console's own path; what is sought stands in it. */
  readonly at: URL;
  readonly around: Surroundings;
}
