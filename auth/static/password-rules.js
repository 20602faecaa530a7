// Ticks the rules while a password is typed, as auth/password_rules.py has them. The server checks all of them
// again, and more; without this file nothing is missing.
const PAUSE = 700; // milliseconds without a key before the count is read out

/** The names of the rules that a password keeps. */
export function keptRules(password, login) {
  const text = password.normalize("NFKC");
  const length = [...text].length; // code points
  const bare = text.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");
  const kept = {
    length: length >= 8 && length <= 24,
    capital: /\p{Uppercase}/u.test(text),
    digit: /[0-9]/.test(text),
    special: /[\p{P}\p{S} ]/u.test(text),
    login: text !== "" && !bare.includes(login),
  };
  return Object.keys(kept).filter((name) => kept[name]);
}

function follow(input) {
  const login = document.getElementById("username").value;
  const count = document.getElementById("rules-kept");
  const items = [...document.querySelectorAll("[data-rule]")];
  let timer;
  input.addEventListener("input", () => {
    const kept = keptRules(input.value, login);
    for (const item of items) {
      const keeps = kept.includes(item.dataset.rule);
      item.classList.toggle("kept", keeps);
      item.querySelector("span").hidden = !keeps;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      count.textContent = count.dataset.text.replace("#", kept.length).replace("#", items.length);
    }, PAUSE);
  });
}

const input = document.getElementById("password");
if (input) follow(input);
