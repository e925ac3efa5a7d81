// While something is on its way: a bar on top, and a form that cannot be sent twice.

const root = document.documentElement;
let running = 0;

function loading(change) {
  running = Math.max(0, running + change);
  root.classList.toggle("is-loading", running > 0);
}

// What asks again by itself (data-quiet) shows no bar.
const shows = (event) => !event.detail.elt.closest("[data-quiet]");

document.addEventListener("htmx:beforeRequest", (event) => shows(event) && loading(+1));
document.addEventListener("htmx:afterRequest", (event) => shows(event) && loading(-1));

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  // htmx prevents the default in its own listener, which may run after this one.
  queueMicrotask(() => {
    if (event.defaultPrevented) return;
    form.setAttribute("aria-busy", "true");
    event.submitter?.setAttribute("aria-busy", "true");
    loading(+1);
  });
});

// Coming back with the browser's button shows the page as it was left: free it again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  running = 0;
  loading(0);
  for (const busy of document.querySelectorAll("form[aria-busy], button[aria-busy]")) {
    busy.removeAttribute("aria-busy");
  }
});
