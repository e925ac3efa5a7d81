// Results under the search box: arrows move through them, Escape and leaving close them.

for (const form of document.querySelectorAll("[data-search]")) {
  const input = form.querySelector("input");
  const results = form.querySelector(".search-results");
  const links = () => [...results.querySelectorAll("a[href]")];

  input.addEventListener("input", () => {
    if (!input.value.trim()) results.replaceChildren();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !form.closest("dialog")) {
      input.focus();
      results.hidden = true; // after the focus, which shows them
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...links()];
    const at = stops.indexOf(document.activeElement);
    const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
  form.addEventListener("focusin", () => {
    results.hidden = false;
  });
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget) && !form.closest("dialog")) results.hidden = true;
  });
}
