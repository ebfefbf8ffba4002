/** The webhooks that this program knows. A new one is a file beside these and a line here. */
import type { Handler } from "./handler.ts";
import { emporixEventsHandler } from "./emporix/events.ts";
import { ultraCartEventsHandler } from "./ultracart/events.ts";
import { cartExportHandler } from "./ustore/cart_export.ts";
import { manufacturerHandler } from "./ustore/manufacturer.ts";
import { orderApprovalHandler } from "./ustore/order_approval.ts";
import { taxHandler } from "./ustore/tax.ts";
import { webhookEventsHandler } from "./webhook_events.ts";

/** Every handler, in the order in which help and documentation list them. */
export const handlers: readonly Handler[] = [
  orderApprovalHandler,
  manufacturerHandler,
  cartExportHandler,
  taxHandler,
  emporixEventsHandler,
  ultraCartEventsHandler,
  webhookEventsHandler,
];
