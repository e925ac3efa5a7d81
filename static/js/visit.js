// The record of a visit: the chosen matter's items stand open, the others one touch away.

const choice = document.querySelector("#visit [name=matter]");
const groups = [...document.querySelectorAll("#visit [data-matter]")];

function count(group) {
  const seen = group.querySelectorAll(".item-radio:checked:not([value=''])").length;
  const all = group.querySelectorAll("[data-item]").length;
  group.querySelector("[data-count]").textContent = seen ? `${seen} / ${all}` : all;
}

function openChosen() {
  for (const group of groups) if (group.dataset.matter === choice.value) group.open = true;
}

choice.addEventListener("change", openChosen);
document.getElementById("visit").addEventListener("input", (event) => {
  const group = event.target.closest("[data-matter]");
  if (group) count(group);
});
openChosen(); // the browser may have brought back an earlier choice
groups.forEach(count);
document.querySelector("#visit .errorlist, #visit .item-lacks")?.scrollIntoView({ block: "center" });
