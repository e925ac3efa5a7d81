// Native dialogs: [data-dialog="id"] opens, [data-dialog-close] or a click beside it closes.
// A form with data-confirm="Question?" (and data-confirm-detail, data-confirm-yes) asks first, and so
// does an element with hx-confirm. A button's own data-confirm goes before its form's.

const dialog = document.getElementById("confirm-dialog");
const yes = document.getElementById("confirm-yes");
let proceed = null;

function ask(source, question, action) {
  document.getElementById("confirm-question").textContent = question;
  document.getElementById("confirm-detail").textContent = source.dataset.confirmDetail || "";
  yes.textContent = source.dataset.confirmYes || yes.dataset.label;
  proceed = action;
  dialog.showModal();
}

yes.addEventListener("click", () => {
  const action = proceed;
  dialog.close();
  if (action) action();
});
dialog.addEventListener("close", () => {
  proceed = null;
});

// In the capture phase, so that no other listener sees a submit that has not been confirmed.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const submitter = event.submitter;
    const source = submitter?.dataset.confirm ? submitter : form;
    if (!source.dataset.confirm || form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(source, source.dataset.confirm, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
    });
  },
  true,
);

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.elt, event.detail.question, () => event.detail.issueRequest(true));
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const target = document.getElementById(opener.dataset.dialog);
    if (!target) return;
    event.preventDefault();
    target.showModal();
    target.querySelector("input[type=search]")?.focus();
    return;
  }
  if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
  else if (event.target instanceof HTMLDialogElement) event.target.close(); // the backdrop
});
