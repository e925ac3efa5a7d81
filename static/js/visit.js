// The record of a visit: the chosen matter's items stand open, the others one touch away.

const choice = document.querySelector("#visit [name=matter]");
const groups = [...document.querySelectorAll("#visit [data-matter]")];

function count(group) {
  const seen = group.querySelectorAll(".item-radio:checked:not([value=''])").length;
  const all = group.querySelectorAll("[data-item]").length;
  group.querySelector("[data-count]").textContent = seen ? `${seen} / ${all}` : all;
}

choice.addEventListener("change", () => {
  for (const group of groups) if (group.dataset.matter === choice.value) group.open = true;
});
document.getElementById("visit").addEventListener("input", (event) => {
  const group = event.target.closest("[data-matter]");
  if (group) count(group);
});
groups.forEach(count);
