// Buttons that show what is typed into a password field.
for (const button of document.querySelectorAll("[data-shows]")) {
  const input = document.getElementById(button.dataset.shows);
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // so that no browser keeps it among the texts that it suggests
  input.form.addEventListener("submit", () => show(false));
}
