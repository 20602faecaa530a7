// Mercurius 16 on Fastify. JIT=1 compiles plans, LOADERS=1 loads relations by its own loaders instead of DataLoader.
import Fastify from "fastify";
import mercurius from "mercurius";
import { list, whole } from "../back_office.mjs";
import { loaders as dataLoaders } from "../loaders.mjs";
import { leaves, resolvers, roots, typeDefs } from "../resolvers.mjs";

// Each gets all objects of a level; arguments are the same for all of them here.
const pages = (collection, by, key) => async (queries) =>
  (await list(collection, by, queries.map(({ obj }) => obj[key]), queries[0].params.first)).map((page) => ({
    nodes: page.items,
  }));
const all = (collection, by) => (queries) => whole(collection, by, queries.map(({ obj }) => obj.id));

const uncached = (loader) => ({ loader, opts: { cache: false } }); // each object is asked for once in a request
const loaders = {
  Client: {
    contracts: uncached(pages("contracts", "client", "number")),
    invoices: uncached(pages("invoices", "client", "number")),
  },
  Contract: {
    invoices: uncached(pages("invoices", "contract", "number")),
    schedule: uncached(async (queries) =>
      (await all("schedules", "contract")(queries)).map((versions) => versions[0] ?? null),
    ),
  },
  Schedule: { instalments: uncached(all("instalments", "schedule")) },
  Invoice: { allocations: uncached(all("allocations", "invoice")) },
};

const app = Fastify({ logger: false });
app.register(mercurius, {
  schema: typeDefs,
  ...(process.env.LOADERS ? { resolvers: { ...roots, ...leaves }, loaders } : { resolvers }),
  context: (request) => dataLoaders(request.headers["client-number"]),
  jit: process.env.JIT ? 1 : 0,
  compilerOptions: { disableLeafSerialization: true, disablingCapturingStackErrors: true },
});
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
