// The local demo's list of accounts: one touch fills in the sign-in form.
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-sign-in-as]");
  if (!choice) return;
  const form = document.querySelector("form[action*='/login/']");
  form.elements.login.value = choice.dataset.signInAs;
  form.elements.password.value = choice.closest("section").querySelector("code").textContent;
  form.querySelector("button[type=submit]").focus();
});
