// No GraphQL at all: node:http, the same calls to the back office, the same answers, written by hand.
import { createServer } from "node:http";
import { get, list, whole } from "../back_office.mjs";
import { invoiceStatus } from "../invoice_status.mjs";

const money = (amount, currency) => ({ amount, currency });

const invoice = (record) => ({
  number: record.number,
  issueDate: record.issueDate,
  dueDate: record.dueDate,
  gross: money(record.gross, record.currency),
  amountDue: { amount: record.amountDue },
  status: invoiceStatus(record),
});

const allocation = (record) => ({
  kind: record.kind,
  amount: { amount: record.amount },
  bookedOn: record.bookedOn,
});

const instalment = (record) => ({
  number: record.number,
  dueDate: record.dueDate,
  capital: { amount: record.capital },
  interest: { amount: record.interest },
  gross: { amount: record.gross },
  outstandingCapitalAfter: { amount: record.outstandingCapitalAfter },
  status: record.status,
});

async function large(number) {
  const [client] = await get("clients", "number", [number]);
  const [contracts] = await list("contracts", "client", [number], 10);
  const numbers = contracts.items.map((contract) => contract.number);
  const ids = contracts.items.map((contract) => contract.id);
  const withAllocations = async () => {
    const invoices = await list("invoices", "contract", numbers, 24);
    const keys = invoices.flatMap((page) => page.items.map((record) => record.id));
    return [invoices, await whole("allocations", "invoice", keys)];
  };
  const withInstalments = async () => {
    const schedules = (await whole("schedules", "contract", ids)).map((versions) => versions[0]);
    return [schedules, await whole("instalments", "schedule", schedules.map((schedule) => schedule.id))];
  };
  const [[invoices, allocations], [schedules, instalments]] = await Promise.all([withAllocations(), withInstalments()]);
  let place = 0;
  const nodes = contracts.items.map((contract, index) => ({
    number: contract.number,
    status: contract.status,
    invoices: {
      nodes: invoices[index].items.map((record) => ({
        ...invoice(record),
        allocations: allocations[place++].map(allocation),
      })),
    },
    schedule: { version: schedules[index].version, instalments: instalments[index].map(instalment) },
  }));
  return { clients: { nodes: [{ number: client.number, name: client.name, contracts: { nodes } }] } };
}

async function small(number, first) {
  await get("clients", "number", [number]);
  const [page] = await list("invoices", "client", [number], first);
  return { clients: { nodes: [{ invoices: { nodes: page.items.map(invoice) } }] } };
}

createServer(async (request, response) => {
  if (request.method !== "POST") return response.writeHead(405).end();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { query } = JSON.parse(Buffer.concat(chunks).toString());
  const number = request.headers["client-number"];
  const viewer = query.includes("contracts(")
    ? await large(number)
    : await small(number, Number(/invoices\(first: (\d+)/.exec(query)[1]));
  const body = Buffer.from(JSON.stringify({ data: { viewer } }));
  response.writeHead(200, ["content-type", "application/json", "content-length", body.length]);
  response.end(body);
}).listen(Number(process.env.PORT), "127.0.0.1");
