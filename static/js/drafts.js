// Typed text survives a session that ended meanwhile.
//
// When a form is posted, its text is kept in this browser tab as "sent". The sign-in page, and the page
// that refuses an old form, turn "sent" into "lost"; any other page drops it, since the form arrived.
// The form's own page, opened again by the same person, puts "lost" text back. Passwords, hidden fields
// and files are never kept, nor is any form that asks for a password; data-keep="no" leaves a form out.

const PREFIX = "draft:";
const isLost = document.body.hasAttribute("data-drafts-lost");
const person = document.body.dataset.user || "";

function keyOf(form) {
  const forms = [...document.querySelectorAll("form")];
  return `${PREFIX}${new URL(form.action, location.href).pathname}#${form.id || forms.indexOf(form)}`;
}

function isKept(form) {
  return form.method === "post" && form.dataset.keep !== "no" && !form.querySelector("input[type=password]");
}

function typed(form) {
  const hidden = new Set([...form.querySelectorAll("input[type=hidden]")].map((field) => field.name));
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !hidden.has(name));
}

function restore(form, pairs) {
  const sent = new Map();
  for (const [name, value] of pairs) sent.set(name, [...(sent.get(name) || []), value]);
  for (const field of form.elements) {
    const values = sent.get(field.name);
    if (!values || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
    else field.value = values.shift() ?? field.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function settle() {
  const forms = new Map([...document.querySelectorAll("form")].map((form) => [keyOf(form), form]));
  for (const key of Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX))) {
    const draft = JSON.parse(sessionStorage.getItem(key));
    if (isLost) {
      sessionStorage.setItem(key, JSON.stringify({ ...draft, state: "lost" }));
    } else if (draft.state === "sent" || (person && person !== draft.person)) {
      sessionStorage.removeItem(key);
    } else if (person && forms.has(key)) {
      restore(forms.get(key), draft.values);
      sessionStorage.removeItem(key);
      document.dispatchEvent(new CustomEvent("safegrid:notice", { detail: { name: "restored" } }));
    }
  }
}

function keep(event) {
  const form = event.target;
  if (event.defaultPrevented || !person || !isKept(form)) return;
  const values = typed(form);
  if (!values.some(([, value]) => value.trim())) return;
  sessionStorage.setItem(keyOf(form), JSON.stringify({ state: "sent", person, values }));
}

try {
  settle();
  document.addEventListener("submit", keep);
} catch (error) {
  console.warn("typed text is not kept here", error); // storage is closed or full; forms work without
}
