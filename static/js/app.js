// Small things that several pages use, by data attribute:
//   form[data-autosubmit]   sends itself when a choice changes
//   [data-copy="selector"]  copies the text of what the selector names
//   [data-print]            prints the page

document.addEventListener("change", (event) => {
  event.target.closest("form[data-autosubmit]")?.requestSubmit();
});

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const copy = event.target.closest("[data-copy]");
  if (!copy) return;
  const source = document.querySelector(copy.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.innerText);
  document.dispatchEvent(new CustomEvent("safegrid:notice", { detail: { name: "copied", tone: "success" } }));
});
