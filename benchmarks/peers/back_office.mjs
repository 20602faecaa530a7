// The back office's batch reads, over the fastest kept HTTP client of Node.js.
import { Pool } from "undici";

const pool = new Pool(process.env.BACK_OFFICE_URL, { connections: 20, pipelining: 1 });
const headers = {
  authorization: `Bearer ${process.env.BACK_OFFICE_KEY}`,
  "content-type": "application/json",
};

async function ask(path, question) {
  const answer = await pool.request({ method: "POST", path, headers, body: JSON.stringify(question) });
  if (answer.statusCode !== 200) throw new Error(`the back office answered ${answer.statusCode}`);
  return JSON.parse(await answer.body.text()).results;
}

// Records by key, aligned; null where there is none.
export const get = (collection, by, keys) => ask(`/v1/${collection}/get`, { by, keys });

// Pages by key, aligned: at most `first` records each, all of them without `first`.
export const list = (collection, by, keys, first = null) =>
  ask(`/v1/${collection}/list`, { by, keys, filter: {}, first, ...(first === null ? {} : { after: null }) });

export const whole = async (collection, by, keys) => (await list(collection, by, keys)).map((page) => page.items);
