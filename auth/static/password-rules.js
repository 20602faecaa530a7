// Ticks the rules while a password is typed. The server checks all of them; without this file nothing is missing.
"use strict";
const input = document.getElementById("password");
const checks = {
  length: (text) => [...text].length >= 8 && [...text].length <= 24,
  capital: (text) => /\p{Lu}/u.test(text),
  digit: (text) => /[0-9]/.test(text),
  special: (text) => /[\p{P}\p{S} ]/u.test(text),
};
const tick = () => {
  const text = input.value.normalize("NFKC");
  for (const item of document.querySelectorAll("[data-rule]")) {
    item.classList.toggle("kept", checks[item.dataset.rule](text));
  }
};
input?.addEventListener("input", tick);
