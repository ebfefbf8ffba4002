/** Orders of ever more items, of each of which a rule reads where it goes. */
import { join } from "@std/path";
import manufacturer from "../../handlers/ustore/samples/manufacturer.json" with { type: "json" };
import type { Effort } from "../effort.ts";
import { KEY, writeSigned } from "../load/signed.ts";
import { startStorehook } from "../storehook.ts";
import { measureCurve, type Point } from "./curve.ts";

const ITEMS: readonly number[] = [1, 10, 100, 1000, 10_000];
const PATH = "/ustore/manufacturer";

/** Ten thousand items are 12 MB: more than a server takes that was not told to. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

const endpoint = {
  path: PATH,
  kind: "ustore.manufacturer",
  signatureKeys: [KEY],
  manufacturers: { hanover: 2, dallas: 1 },
  rules: [{
    name: "east coast",
    when: "item.shipTo.stateCode in ['NJ', 'NY', 'CT']",
    then: { manufacturer: "hanover" },
  }],
  otherwise: { manufacturer: "dallas" },
};

/**
 * Measures what an item costs.
 *
 * @param folder Where files go.
 * @param effort How much.
 */
export async function growOrders(folder: string, effort: Effort): Promise<readonly Point[]> {
  const sizes = await Promise.all(ITEMS.map(async (count) => ({
    count,
    path: PATH,
    body: await writeSigned(folder, `order-${count}`, orderOf(count)),
  })));
  await using server = await startStorehook({
    folder: join(folder, "orders"),
    config: { server: { maxBodyBytes: MAX_BODY_BYTES }, endpoints: [endpoint] },
  });
  return await measureCurve(server, sizes, effort);
}

/** The sample with as many items, each with a delivery of its own. */
function orderOf(count: number): unknown {
  const { Order } = manufacturer;
  const [product] = Order.OrderProducts.OrderProduct;
  const [delivery] = Order.DeliveryInformation.Deliveries;
  const ids = Array.from({ length: count }, (_, index) => `${3087 + index}`);
  return {
    ...manufacturer,
    Order: {
      ...Order,
      OrderProducts: { OrderProduct: ids.map((id) => ({ ...product, "@id": id })) },
      DeliveryInformation: {
        Deliveries: ids.map((id) => ({ ...delivery, DeliveryItems: [{ OrderProductID: id }] })),
      },
    },
  };
}
