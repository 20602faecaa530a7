// GraphQL Yoga 5; with JIT=1 its plans are compiled by graphql-jit through Envelop's plugin.
import { createServer } from "node:http";
import { useGraphQlJit } from "@envelop/graphql-jit";
import { createSchema, createYoga } from "graphql-yoga";
import { loaders } from "../loaders.mjs";
import { resolvers, typeDefs } from "../resolvers.mjs";

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  context: ({ request }) => loaders(request.headers.get("client-number")),
  graphiql: false,
  landingPage: false,
  logging: false,
  multipart: false,
  cors: false,
  plugins: process.env.JIT
    ? [useGraphQlJit({ disableLeafSerialization: true, disablingCapturingStackErrors: true })]
    : [],
});

createServer(yoga).listen(Number(process.env.PORT), "127.0.0.1");
