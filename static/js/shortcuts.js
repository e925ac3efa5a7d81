// Keys: "/" searches, "?" helps, "g" and a letter goes to the link that carries data-go="letter".

let waiting = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
  const follows = Date.now() - waiting < 1500;
  waiting = 0;
  if (follows) {
    const link = document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  } else if (event.key === "/") {
    const input = document.querySelector(".top-search input");
    if (input?.offsetParent) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  } else if (event.key === "?") {
    event.preventDefault();
    document.getElementById("help-dialog").showModal();
  } else if (event.key === "g") {
    waiting = Date.now();
  }
});
