// GraphQL over HTTP, to the gateway that served the page. Whatever goes wrong comes back in the shape of a
// GraphQL answer, `{"errors": [{"message": …}]}`, so that GraphiQL shows it where it shows every error.

import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import { getOperationAST, parse as parseDocument } from "graphql";

import { follow } from "./follow";

// A header that no foreign page can send without a CORS preflight: the gateway's protection against CSRF.
const PREFLIGHT = { "GraphQL-Require-Preflight": "1" };
const HEADERS = {
  Accept: "application/graphql-response+json, application/json",
  "Content-Type": "application/json",
  ...PREFLIGHT,
};

const ADVICE: Record<number, string> = {
  401: "You are not signed in, or your session has ended. Log in and run the query again.",
  403: "You may not do this with your login.",
  413: "The query is too large.",
  429: "Too many requests. Wait a little and run the query again.",
  502: "The gateway cannot be reached through the proxy in front of it.",
  503: "The gateway is not ready. Try again in a moment.",
  504: "The gateway took too long to answer.",
};

type Answer = { data?: unknown; errors?: unknown };

export function createFetcher(endpoint: string): Fetcher {
  return async (params, options) => {
    if (isSubscription(params)) return follow(endpoint, params, { ...PREFLIGHT, ...options?.headers });

    // Made outside the try: a header that the user mistyped is not an unreachable gateway.
    const headers = new Headers({ ...HEADERS, ...options?.headers });
    const body = JSON.stringify(params);

    let response: Response;
    let text: string;
    try {
      response = await fetch(endpoint, { method: "POST", credentials: "same-origin", headers, body });
      text = await response.text();
    } catch (error) {
      return failure(`The gateway cannot be reached. Is it still running? (${String(error)})`);
    }

    const answer = parse(text);
    return isGraphQL(answer) ? answer : failure(explain(response, answer), response.status);
  };
}

/** Read here: what GraphiQL knows of the document may be of before the last keys. */
function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parseDocument(query), operationName)?.operation === "subscription";
  } catch {
    return false;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isGraphQL(answer: unknown): answer is Answer {
  return typeof answer === "object" && answer !== null && ("data" in answer || "errors" in answer);
}

function explain(response: Response, answer: unknown): string {
  const status = `HTTP ${response.status} ${response.statusText}`.trim();
  if (response.ok) {
    const type = response.headers.get("Content-Type") ?? "no content type";
    return `The gateway answered with something that is not GraphQL (${status}, ${type}).`;
  }
  const advice = detailOf(answer) ?? ADVICE[response.status];
  return advice ? `${advice} (${status})` : `The gateway answered with ${status}.`;
}

/** The human part of an `application/problem+json` (RFC 9457) or of a plain JSON error. */
function detailOf(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const fields = answer as Record<string, unknown>;
  return [fields.detail, fields.title, fields.message].find((text) => typeof text === "string" && text !== "") as
    | string
    | undefined;
}

function failure(message: string, httpStatus?: number): Answer {
  return { errors: [{ message, ...(httpStatus && { extensions: { httpStatus } }) }] };
}
