// What a request loads, each relation by one DataLoader: one call for all keys of a level.
import DataLoader from "dataloader";
import { get, list, whole } from "./back_office.mjs";

// A plain object, since servers copy their context.
export function loaders(client) {
  const pages = new Map();
  return {
    client,
    clients: new DataLoader((keys) => get("clients", "number", keys)),
    schedules: new DataLoader((keys) => whole("schedules", "contract", keys)),
    allocations: new DataLoader((keys) => whole("allocations", "invoice", keys)),
    instalments: new DataLoader((keys) => whole("instalments", "schedule", keys)),

    // The first records of a list, whose length is the same for all keys of a loader.
    page(collection, by, first) {
      const name = `${collection} ${by} ${first}`;
      let loader = pages.get(name);
      if (!loader) {
        loader = new DataLoader(async (keys) =>
          (await list(collection, by, keys, first)).map((page) => ({ nodes: page.items })),
        );
        pages.set(name, loader);
      }
      return loader;
    },
  };
}
