/** The order as the approval, manufacturer and tax webhooks send it: what `views/` reads of it. */
import * as z from "zod";
import { decimal, element, many, text } from "./element.ts";

const address = z.looseObject({
  Name: text,
  Company: text,
  Address1: text,
  Address2: text,
  City: text,
  State: text,
  StateName: text,
  StateCode: text,
  ZipCode: text,
  Zip: text,
  Country: text,
  CountryName: text,
  CountryCode: text,
  Phone: text,
}).nullable().meta({
  id: "UStoreAddress",
  description: "Stores and billing say State, ZipCode and Country; deliveries of the " +
    "manufacturer webhook say StateName, Zip and CountryName.",
}).optional();

const manufacturer = element({ "@externalId": text, Name: text });

const delivery = z.looseObject({
  Method: text,
  DeliveryMethod: text,
  DeliveryProvider: text,
  DeliveryService: text,
  DeliveryPrice: decimal,
  ShippingAddress: address,
  DeliveryItems: many(
    "DeliveryItem",
    z.looseObject({ OrderProductId: text, OrderProductID: text }),
  ),
}).meta({ id: "UStoreDelivery" });

/** `PropertyValue` and `DialValue`. */
function valueOf(name: "Property" | "Dial") {
  return z.looseObject({ [name]: element({ DisplayName: text }), Value: text });
}

const item = z.looseObject({
  "@id": text,
  Product: element({
    "@id": text,
    "@externalId": text,
    Name: text,
    CatalogNumber: text,
    Type: text,
    TaxGroup: element({ Name: text, TaxCode: text }),
    Manufacturer: manufacturer,
  }),
  Quantities: element({
    TotalUnits: decimal,
    NumberOfRecipients: decimal,
    NumberOfCopies: decimal,
  }),
  ProductUnit: text,
  Prices: element({ TotalPrice: decimal }),
  PropertyValues: many("PropertyValue", valueOf("Property")),
  DialValues: many("DialValue", valueOf("Dial")),
  Manufacturer: manufacturer,
  Deliveries: many("Delivery", z.looseObject({ ShippingAddress: address })),
}).meta({ id: "UStoreOrderProduct" });

/** The tax webhook's; beside the order or in it. */
const discounts = element({
  Items: many("Item", z.looseObject({ OrderProductId: text, Discount: decimal })),
});

/** The body of those webhooks. */
export const orderDocument = z.looseObject({
  DiscountInfo: discounts,
  Order: z.looseObject({
    "@OrderId": text,
    "@DisplayOrderId": text,
    "@cartCreationdDate": text,
    "@primaryCurrency": text,
    Prices: element({
      TotalPrice: decimal,
      Subtotal: decimal,
      ShippingPrice: decimal,
      Tax: decimal,
      CouponDiscount: decimal,
    }),
    Store: element({ "@Id": text, "@externalId": text, Currency: text }),
    User: element({
      "@UserId": text,
      "@externalId": text,
      FirstName: text,
      LastName: text,
      Email: text,
      Company: text,
      Department: text,
      JobTitle: text,
    }),
    BillingAddress: address,
    Clearing: element({ "@type": text }),
    CustomerNoteToApprover: text,
    CustomConfig: text,
    CustomConfiguration: text,
    DiscountInfo: discounts,
    OrderProducts: many("OrderProduct", item),
    Deliveries: many("Delivery", delivery),
    DeliveryInformation: element({ Deliveries: many("Delivery", delivery) }),
  }),
}).meta({
  id: "UStoreOrder",
  description: "The order XML turned into JSON: what Storehook can read of it. A field is judged " +
    "when a rule reads it, and everything else is left alone.",
});
