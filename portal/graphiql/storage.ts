// GraphiQL keeps tabs and history in localStorage. People who share a browser get a drawer each, so that
// nobody is shown what another login typed. This is tidiness, not protection: nothing secret is kept there
// (GraphiQL stores no answers, and storing request headers is switched off).

import type { Storage } from "@graphiql/toolkit";

export function storageOf(login: string): Storage {
  const prefix = `leasegraph:${login || "guest"}:`;
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return {
    getItem: (key) => localStorage.getItem(prefix + key),
    setItem: (key, value) => localStorage.setItem(prefix + key, value),
    removeItem: (key) => localStorage.removeItem(prefix + key),
    clear: () => keys().forEach((key) => localStorage.removeItem(key)),
    get length() {
      return keys().length;
    },
  };
}
