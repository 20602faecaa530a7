// Buttons that show what is typed into a password field, and hide it again.
for (const button of document.querySelectorAll("[data-field]")) {
  const { field, label, show, hide } = button.dataset;
  const input = document.getElementById(field);
  const turn = (shown) => {
    input.type = shown ? "text" : "password";
    button.textContent = shown ? hide : show;
    button.ariaLabel = `${button.textContent}: ${label}`;
  };
  turn(false);
  button.hidden = false;
  button.addEventListener("click", () => turn(input.type === "password"));
  // so that no browser keeps it among the texts that it suggests
  input.form.addEventListener("submit", () => turn(false));
}
