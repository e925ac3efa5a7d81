// The upload of a spreadsheet: a file that is too big is told before it travels; a file may be dropped on it.

const input = document.querySelector("[data-upload] input[type=file]");
const zone = document.querySelector("[data-drop]");

function check() {
  const file = input.files[0];
  const tooBig = file && file.size > Number(input.dataset.maxBytes);
  input.setCustomValidity(tooBig ? input.dataset.tooBig : "");
  input.classList.toggle("is-invalid", Boolean(tooBig));
  if (tooBig) input.reportValidity();
}

if (input) {
  input.addEventListener("change", check);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("drop-here");
  });
  for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("drop-here"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    check();
  });
}
