// Shows new messages without a reload; without this file, reload the page.
const EVERY = 4000; // milliseconds

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const count = document.getElementById("count");
  const list = document.getElementById("messages");
  const fresh = page.getElementById("messages");
  const told = page.getElementById("count").textContent;
  if (count.textContent !== told) count.textContent = told;
  // whoever is among the messages by keyboard is not thrown out
  if (list.innerHTML !== fresh.innerHTML && !list.contains(document.activeElement)) list.replaceWith(fresh);
}

setInterval(() => look().catch(() => {}), EVERY);
