// Says on the button how many goals are ticked. Without a script it says how many are on the page.
const button = document.querySelector("[data-labels]");
if (button) {
  const labels = button.dataset.labels.split("|");
  const ticks = [...document.querySelectorAll(".cp-offers > li > .form-check-input")];
  const update = () => {
    const taken = ticks.filter((tick) => tick.checked).length;
    button.textContent = labels[Math.max(taken, 1) - 1];
  };
  ticks.forEach((tick) => tick.addEventListener("change", update));
  update();
}
