// graphql-sse: asks a query, then follows until it is told to end. Says on each line what came.
import { createClient } from "graphql-sse";

const [url, cookie] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));

const client = createClient({
  url: `${url}/graphql`,
  headers: { Cookie: cookie, "GraphQL-Require-Preflight": "1" },
  retryAttempts: 200,
  retry: () => new Promise((done) => setTimeout(done, 100)),
  on: { connected: () => say({ connected: true }) },
});

for await (const answer of client.iterate({ query: "{ viewer { user { login } } }" })) say(answer);
try {
  for await (const answer of client.iterate({ query: "subscription { serviceRequestChanged { number } }" })) say(answer);
  say({ complete: true });
} catch (error) {
  say({ failed: String(error) });
}
client.dispose();
