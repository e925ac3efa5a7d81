// Text typed into a form marked data-keep="name" survives a session that ended meanwhile.
// It is kept in this browser tab only, and only until the form has arrived: sending marks it "sent";
// the sign-in page (or the page that refuses an old form) turns that into "lost"; any other page drops
// it; and the form's page, seen again, puts "lost" text back. Passwords and files are never kept.

const PREFIX = "draft:";
const isLost = document.body.hasAttribute("data-drafts-lost");

function keys() {
  return Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
}

function read(key) {
  return JSON.parse(sessionStorage.getItem(key));
}

function values(form) {
  const skipped = new Set(["csrfmiddlewaretoken"]);
  for (const field of form.querySelectorAll("input[type=password], input[type=hidden]")) skipped.add(field.name);
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !skipped.has(name));
}

function restore(form, pairs) {
  const sent = new Map();
  for (const [name, value] of pairs) sent.set(name, [...(sent.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || !sent.has(field.name) || ["hidden", "password", "file"].includes(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = sent.get(field.name).includes(field.value);
    else if (field.multiple) for (const o of field.options) o.selected = sent.get(field.name).includes(o.value);
    else field.value = sent.get(field.name).shift() ?? field.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

try {
  for (const key of keys()) {
    const draft = read(key);
    const form = document.querySelector(`form[data-keep="${CSS.escape(key.slice(PREFIX.length))}"]`);
    if (isLost) {
      sessionStorage.setItem(key, JSON.stringify({ ...draft, state: "lost" }));
    } else if (form && draft.state === "lost") {
      restore(form, draft.values);
      sessionStorage.removeItem(key);
      document.dispatchEvent(new CustomEvent("safegrid:notice", { detail: { name: "restored" } }));
    } else if (draft.state === "sent") {
      sessionStorage.removeItem(key);
    }
  }
  document.addEventListener("submit", (event) => {
    const name = event.target.dataset.keep;
    if (!name || event.defaultPrevented) return;
    const draft = { state: "sent", values: values(event.target) };
    sessionStorage.setItem(PREFIX + name, JSON.stringify(draft));
  });
} catch (error) {
  console.warn("drafts are not kept here", error); // storage is closed or full; the form works without
}
