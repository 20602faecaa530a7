// Bundles GraphiQL into dist/graphiql/, for the gateway to serve under /static/graphiql/.

import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

import { build } from "esbuild";

import { licencesOf } from "./licences.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));
const outdir = "dist/graphiql";

// graphiql/style.css already holds Monaco's style sheet. Without this, esbuild writes it out again for each chunk.
const monacoStylesOnce = {
  name: "monaco-styles-once",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]monaco-editor[\\/].*\.css$/ }, () => ({ contents: "", loader: "empty" }));
  },
};

const options = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir,
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none", // they go into licences.txt, below
  metafile: true,
  logLevel: "warning",
};

await rm(new URL(outdir, import.meta.url), { recursive: true, force: true });

const results = await Promise.all([
  build({
    ...options,
    entryPoints: { graphiql: "graphiql/main.tsx" },
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    loader: { ".graphql": "text" },
    plugins: [monacoStylesOnce],
  }),
  build({
    ...options,
    entryPoints: {
      "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
      "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
      "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
    },
  }),
]);

const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
await writeFile(new URL(`${outdir}/licences.txt`, import.meta.url), await licencesOf(inputs, root));

// The gateway serves the compressed file to browsers that ask for it: a quarter of the bytes, and no work.
const outputFiles = results.flatMap(({ metafile }) => Object.keys(metafile.outputs));
const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }; // 11 takes six times as long for a tenth less
await Promise.all(
  outputFiles.map(async (file) => {
    const content = await readFile(new URL(file, import.meta.url));
    await writeFile(new URL(`${file}.br`, import.meta.url), await promisify(brotliCompress)(content, { params }));
  }),
);

const outputs = results.flatMap(({ metafile }) => Object.values(metafile.outputs));
const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
console.log(`${outdir}: ${outputs.length} files, ${(bytes / 1e6).toFixed(1)} MB`);
