// Mounts GraphiQL in the page that the gateway serves:
//   <div id="graphiql" data-endpoint="/graphql" data-login="0010001"></div>
// Both attributes may be missing; without data-login nobody is signed in.

import "./workers";

import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

import "graphiql/style.css";
import "./page.css";

import { createFetcher } from "./fetcher";
import firstQuery from "./first-query.graphql";
import { storageOf } from "./storage";
import { followSystemTheme } from "./theme";

const place = document.getElementById("graphiql");
if (!place) throw new Error('The page has no element with id="graphiql".');

const endpoint = place.dataset.endpoint ?? "/graphql";
const login = place.dataset.login ?? "";

createRoot(place).render(
  <GraphiQL
    fetcher={createFetcher(endpoint)}
    storage={storageOf(login)}
    defaultQuery={firstQuery}
    showPersistHeadersSettings={false}
    inputValueDeprecation
    schemaDescription
  />,
);
followSystemTheme();
