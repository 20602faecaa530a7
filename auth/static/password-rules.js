// Ticks the rules while a password is typed; the page names their figures and patterns. The server checks all of
// them again, and more; without this file nothing is missing.
const PAUSE = 700; // milliseconds without a key before the count is read out

/** The names of the rules, which are elements with `data-rule`, that a password keeps. */
export function keptRules(password, login, rules) {
  const text = password.normalize("NFKC");
  const length = [...text].length; // code points
  const bare = text.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");
  const kept = ({ rule, min, max, pattern }) => {
    if (rule === "length") return length >= min && length <= max;
    if (rule === "login") return text !== "" && !bare.includes(login);
    return new RegExp(pattern, "u").test(text);
  };
  return rules.map((each) => each.dataset).filter(kept).map((each) => each.rule);
}

function follow(input) {
  const login = document.getElementById("username").value;
  const count = document.getElementById("rules-kept");
  const items = [...document.querySelectorAll("[data-rule]")];
  let timer;
  input.addEventListener("input", () => {
    const kept = keptRules(input.value, login, items);
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
