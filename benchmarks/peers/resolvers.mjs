// Resolvers over the loaders; leaves that the records have need none.
import { readFileSync } from "node:fs";
import { invoiceStatus } from "./invoice_status.mjs";

export const typeDefs = readFileSync(new URL("./subset.graphql", import.meta.url), "utf8");

const money = (name) => (record) => ({ amount: record[name], currency: record.currency });

export const leaves = {
  Allocation: { amount: money("amount") },
  Instalment: {
    capital: money("capital"),
    interest: money("interest"),
    gross: money("gross"),
    outstandingCapitalAfter: money("outstandingCapitalAfter"),
  },
  Invoice: { gross: money("gross"), amountDue: money("amountDue"), status: invoiceStatus },
};

export const roots = {
  Query: { viewer: () => ({}) },
  Viewer: {
    clients: async (_viewer, _arguments, context) => ({ nodes: [await context.clients.load(context.client)] }),
  },
};

export const resolvers = {
  ...roots,
  Client: {
    contracts: (client, { first }, context) => context.page("contracts", "client", first).load(client.number),
    invoices: (client, { first }, context) => context.page("invoices", "client", first).load(client.number),
  },
  Contract: {
    invoices: (contract, { first }, context) => context.page("invoices", "contract", first).load(contract.number),
    schedule: async (contract, _arguments, context) => (await context.schedules.load(contract.id))[0] ?? null,
  },
  Schedule: { instalments: (schedule, _arguments, context) => context.instalments.load(schedule.id) },
  Invoice: { ...leaves.Invoice, allocations: (invoice, _arguments, context) => context.allocations.load(invoice.id) },
  Allocation: leaves.Allocation,
  Instalment: leaves.Instalment,
};
