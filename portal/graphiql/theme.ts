// GraphiQL's own colours follow the system at once, but it sets those of the editor only when the page loads:
// at sunset the text would turn dark on dark. The user's choice in GraphiQL's settings has precedence.

export function followSystemTheme(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", async ({ matches: dark }) => {
    const { classList } = document.body;
    if (classList.contains("graphiql-light") || classList.contains("graphiql-dark")) return;
    const { editor } = await import("monaco-editor/esm/vs/editor/editor.api");
    editor.setTheme(dark ? "graphiql-DARK" : "graphiql-LIGHT");
  });
}
