/** What rules see of the vendor's two orders. */
const NOWHERE = {
  name: "",
  company: "",
  address1: "",
  address2: "",
  city: "",
  state: "",
  stateCode: "",
  zip: "",
  country: "",
  phone: "",
};

const WINES_LANE = {
  name: "Wines Lane",
  company: "4616 Wines Lane",
  address1: "4616 Wines Lane",
  address2: "",
  city: "",
  state: "Pennsylvania",
  stateCode: "PA",
  zip: "19028",
  country: "US",
  phone: "832-293-2670",
};

const ONE_ITEM = { quantity: 1, recipients: 1, copies: 1, unit: "Item", dials: {} };
const STATIC = { externalId: "", catalogNumber: "", type: "StaticPrint", taxCode: "" };
const SHIPPED = {
  method: "Shipping",
  provider: "",
  service: "",
  price: 0,
  shipTo: WINES_LANE,
};
const MAKER = { externalId: "", name: "test2 Manufacturer" };

/** What rules see of the approval webhook's order. */
export const APPROVAL_VIEW = {
  id: "4068",
  displayId: "28604",
  created: "2022-11-22T12:47:36.197",
  currency: "USD",
  total: 1.2,
  subtotal: 1,
  shipping: 0,
  tax: 0.2,
  discount: 0,
  note: "Please approve the order",
  customConfig: "true;10065",
  clearing: { type: "Invoice" },
  store: { id: "7", externalId: "test@ustore.example" },
  user: {
    id: "1",
    externalId: "",
    firstName: "uStore",
    lastName: "Superuser",
    email: "test@ustore.example",
    company: "",
    department: "",
    jobTitle: "",
  },
  billTo: {
    ...NOWHERE,
    name: "alex",
    address1: "test street 46",
    city: "dallas",
    state: "Texas",
    stateCode: "TX",
    zip: "75001",
    country: "US",
    phone: "2148280976",
  },
  items: [{
    ...ONE_ITEM,
    id: "127",
    position: 1,
    product: { ...STATIC, id: "26", name: "s1" },
    total: 1,
    properties: { Base: "" },
    manufacturer: { externalId: "", name: "" },
    shipTo: NOWHERE,
  }],
  deliveries: [{
    method: "Void",
    provider: "Void Delivery",
    service: "Void",
    price: 0,
    shipTo: NOWHERE,
    itemIds: ["127"],
  }],
};

/** What rules see of the manufacturer webhook's order. */
export const MANUFACTURER_VIEW = {
  id: "5295",
  displayId: "85925",
  created: "2023-03-27T02:13:55.410",
  currency: "USD",
  total: 3,
  subtotal: 5,
  shipping: 0,
  tax: 0,
  discount: 0,
  note: "",
  customConfig: "1:2;2:1;3:3",
  clearing: { type: "" },
  store: { id: "8", externalId: "test@ustore.example" },
  user: {
    id: "1",
    externalId: "test@ustore.example",
    firstName: "uStore2",
    lastName: "Superuser",
    email: "test@ustore.example",
    company: "",
    department: "",
    jobTitle: "",
  },
  billTo: NOWHERE,
  items: [
    {
      ...ONE_ITEM,
      id: "3087",
      position: 1,
      product: { ...STATIC, id: "240", name: "copy[10]s1" },
      total: 1,
      properties: { Base: "", prop2: "uStore2" },
      manufacturer: MAKER,
      shipTo: WINES_LANE,
    },
    {
      ...ONE_ITEM,
      id: "3088",
      position: 2,
      product: { ...STATIC, id: "73", name: "static1" },
      total: 2,
      properties: { Base: "" },
      manufacturer: MAKER,
      shipTo: WINES_LANE,
    },
  ],
  deliveries: [{ ...SHIPPED, itemIds: ["3087"] }, { ...SHIPPED, itemIds: ["3088"] }],
};
