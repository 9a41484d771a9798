// SPDX-License-Identifier: Apache-2.0

// Must not compile: a field of a request and one of an answer have wrong names.

import { createOrder, getOrder } from "./api/sdk.gen.js";

await createOrder({ body: { currencyCode: "USD" } });
const { data } = await getOrder({ path: { id: "1" }, throwOnError: true });
console.log(data.orderStatus);
