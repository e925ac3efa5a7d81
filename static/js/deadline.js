// A deadline is one of those proposed or a day of one's own: touching one takes the other back.

const day = document.querySelector("input[name=due_on]");
const choices = [...document.querySelectorAll("input[name=policy]")];

day?.addEventListener("input", () => {
  const own = choices.find((choice) => choice.value === "own");
  if (own && day.value) own.checked = true;
});

for (const choice of choices) {
  choice.addEventListener("change", () => {
    if (choice.value === "own") day.focus();
    else day.value = "";
  });
}
