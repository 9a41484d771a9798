// SPDX-License-Identifier: Apache-2.0

// The life of an order, by a client that is generated from the API's document: a customer places,
// edits and sends back, and the people of the shop sell, ship and take back. Prints what came of
// it as JSON.

import { createClient } from "./api/client/index.js";
import {
  applyOrderEdit,
  approveReturn,
  createOrder,
  createOrderReturn,
  deliverShipment,
  dispatchShipment,
  getOrder,
  getShipments,
  packShipment,
  pickShipment,
  putOrderEdit,
  putProduct,
  putStock,
} from "./api/sdk.gen.js";
import type { Order } from "./api/types.gen.js";

const [baseUrl = "", staffKey = "", customerKey = ""] = process.argv.slice(2);
const throwOnError = true;
const byStaff = { client: createClient({ baseUrl, auth: staffKey }), throwOnError } as const;
const byAda = { client: createClient({ baseUrl, auth: customerKey }), throwOnError } as const;

/** What was answered. It is nothing only where `Prefer: return=minimal` asks for that. */
function whole<T>(answer: { data: T | void }): T {
  if (!answer.data) {
    throw new Error("the answer is empty");
  }
  return answer.data;
}

/** What is looked for, as soon as it is there. */
async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) {
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The order, as soon as it is so. */
function orderThat(id: string, isSo: (order: Order) => boolean): Promise<Order> {
  return until(async () => {
    const { data: order } = await getOrder({ ...byAda, path: { id } });
    if (order.status === "Rejected" || order.status === "Cancelled") {
      throw new Error(`the order is ${order.status}: ${order.reason}`);
    }
    return isSo(order) ? order : undefined;
  });
}

async function sell(sku: string, name: string, minor: number) {
  const prices = [{ minor, currency: "USD" }];
  await putProduct({ ...byStaff, path: { id: sku }, body: { name, prices, weightGrams: 500 } });
  await putStock({ ...byStaff, path: { sku }, body: { location: "main", onHand: 10 } });
}

async function place(): Promise<Order> {
  const address = {
    name: "Ada Byron",
    line1: "1 Analytical Way",
    city: "Portland",
    postalCode: "97201",
    country: "US",
  };
  const { data } = await createOrder({
    ...byAda,
    headers: { "Idempotency-Key": "adas-order" },
    body: {
      customerId: "ada",
      email: "ada@example.org",
      currency: "USD",
      lines: [{ sku: "tea", quantity: 2 }],
      shipping: { method: "pickup", address },
      payment: { method: "card", token: "tok_ok" },
    },
  });
  return data;
}

/** One tea fewer and two cups more: what that costs, and the order with it. */
async function edit(id: string) {
  const path = { id };
  const body = { fewer: [{ line: 0, quantity: 1 }], more: [{ sku: "cup", quantity: 2 }] };
  const proposed = whole(await putOrderEdit({ ...byAda, path, body }));
  const applied = whole(await applyOrderEdit({ ...byAda, path }));
  return { price: proposed.edit?.difference, lines: applied.lines.map((line) => line.sku) };
}

/** All of it in one parcel. */
async function shipAndDeliver(orderId: string) {
  const planned = await until(async () => {
    const { data } = await getShipments({ ...byStaff, query: { order: orderId } });
    return data.items[0];
  });
  const path = { id: planned.id };
  const picked = whole(await pickShipment({ ...byStaff, path }));
  const contents = picked.lines.map(({ line, quantity }) => ({ line, quantity }));
  const parcels = [{ id: "1", weightGrams: 900, contents }];
  await packShipment({ ...byStaff, path, body: { parcels } });
  const labels = [{ parcel: "1", carrier: "post", code: "T-1" }];
  const cost = { minor: 490, currency: "USD" };
  await dispatchShipment({ ...byStaff, path, body: { labels, cost } });
  await orderThat(orderId, (order) => order.payment === "Captured");
  const at = new Date().toISOString();
  await deliverShipment({ ...byStaff, path, body: { parcel: "1", at } });
}

/** A cup that broke: asked for by the customer, approved by the shop. */
async function sendBack(orderId: string): Promise<string> {
  const body = { lines: [{ line: 1, quantity: 1 }], reason: "broken" };
  const { data: asked } = await createOrderReturn({ ...byAda, path: { orderId }, body });
  await approveReturn({ ...byStaff, path: { id: asked.id } });
  return asked.id;
}

await sell("tea", "Tea", 1_000);
await sell("cup", "Cup", 300);
const { id: order } = await place();
const edited = await edit(order);
await shipAndDeliver(order);
await orderThat(order, ({ status }) => status === "Completed");
console.log(JSON.stringify({ order, edited, returned: await sendBack(order) }));
