// Two pictures of one place laid over each other: the range shows more of one or of the other.
// Without this script they stand side by side, and the range is not shown.

document.documentElement.classList.add("can-compare");

document.addEventListener("input", (event) => {
  if (!event.target.matches(".compare-range")) return;
  event.target.closest("[data-compare]").style.setProperty("--shown", `${event.target.value}%`);
});
