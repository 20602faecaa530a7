// A subscription, as an event stream from the gateway that served the page. An end that passes is not retried:
// whoever looks at the page shall see it, and run the subscription again.

import type { FetcherParams } from "@graphiql/toolkit";
import { createClient } from "graphql-sse";

export async function* follow(endpoint: string, params: FetcherParams, headers: Record<string, string>) {
  const client = createClient({ url: endpoint, credentials: "same-origin", headers, retryAttempts: 0 });
  try {
    const { operationName, ...rest } = params;
    yield* client.iterate({ ...rest, ...(operationName && { operationName }) });
  } catch (error) {
    yield { errors: [{ message: `The stream has ended. Run the subscription again. (${String(error)})` }] };
  } finally {
    client.dispose();
  }
}
