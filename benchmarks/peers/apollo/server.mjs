// Apollo Server 5 behind node:http itself, by the call that its integrations make. PORT is where it listens.
import { createServer } from "node:http";
import { ApolloServer, HeaderMap } from "@apollo/server";
import { ApolloServerPluginLandingPageDisabled } from "@apollo/server/plugin/disabled";
import { loaders } from "../loaders.mjs";
import { resolvers, typeDefs } from "../resolvers.mjs";

const apollo = new ApolloServer({
  typeDefs,
  resolvers,
  introspection: false,
  persistedQueries: false,
  plugins: [ApolloServerPluginLandingPageDisabled()],
});
await apollo.start();

createServer(async (request, response) => {
  if (request.method !== "POST") return response.writeHead(405).end();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers,
      search: "",
      body: JSON.parse(Buffer.concat(chunks).toString()),
    },
    context: async () => loaders(request.headers["client-number"]),
  });
  const body = Buffer.from(answer.body.string);
  response.writeHead(answer.status ?? 200, [...answer.headers, ["content-length", body.length]].flat());
  response.end(body);
}).listen(Number(process.env.PORT), "127.0.0.1");
