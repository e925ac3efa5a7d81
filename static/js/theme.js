// Light or dark, before the first paint: the only script that blocks, so it stays this small.
// Without a choice of one's own the page follows the device.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is closed, in a private window for instance
    }
  };
  const apply = () => {
    root.dataset.bsTheme = chosen() || (dark.matches ? "dark" : "light");
    root.dispatchEvent(new Event("themechange"));
  };
  apply();
  dark.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    try {
      localStorage.setItem("theme", root.dataset.bsTheme === "dark" ? "light" : "dark");
    } catch {
      return;
    }
    apply();
  });
})();
