// graphql-ws, as a browser has it: asks a query, then follows until it is told to end. Says on each line what came.
import { createClient } from "graphql-ws";
import WebSocket from "ws";

const [url, cookie] = process.argv.slice(2);
const say = (what) => console.log(JSON.stringify(what));

class OurPage extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, { origin: new URL(url).origin, headers: { Cookie: cookie } });
  }
}

const client = createClient({
  url: `${url.replace("http", "ws")}/graphql`,
  webSocketImpl: OurPage,
  retryAttempts: 200,
  shouldRetry: () => true,
  retryWait: () => new Promise((done) => setTimeout(done, 100)),
  on: {
    connected: () => say({ connected: true }),
    closed: (event) => say({ closed: event.code }),
  },
});

for await (const answer of client.iterate({ query: "{ viewer { user { login } } }" })) say(answer);
try {
  for await (const answer of client.iterate({ query: "subscription { serviceRequestChanged { number } }" })) say(answer);
  say({ complete: true });
} catch (error) {
  say({ failed: error.code ?? String(error) });
}
await client.dispose();
