// The licences of everything in a bundle, as one text: most of them ask that their notice travels with copies.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const FOLDER = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

export async function licencesOf(inputs, root) {
  const folders = new Set(inputs.map((path) => FOLDER.exec(path)?.[1]).filter(Boolean));
  const notices = await Promise.all([...folders].sort().map((folder) => noticeOf(join(root, folder))));
  return notices.join("\n");
}

async function noticeOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|thirdpartynotices)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return [`==== ${name} ${version} (${license})`, ...texts.map((text) => text.trim()), ""].join("\n\n");
}
