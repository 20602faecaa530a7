// Monaco (the editor in GraphiQL) completes and validates in three web workers.
// They lie beside this bundle, wherever the gateway mounts it.

import type { Environment } from "monaco-editor";

const FILES: Record<string, string> = {
  graphql: "graphql.worker.js",
  json: "json.worker.js",
};

const environment: Environment = {
  getWorker(_id, label) {
    const file = FILES[label] ?? "editor.worker.js";
    return new Worker(new URL(file, import.meta.url), { type: "module", name: label });
  },
};

// Monaco looks for this name when it opens its first editor.
Object.assign(globalThis, { MonacoEnvironment: environment });
