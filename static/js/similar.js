// When the title of a step is left, one's own finished steps that are most like it show beside the form.
// Without this script they show when the form is shown again.
const title = document.getElementById("id_step_title");
const similar = document.getElementById("similar");
let last = title.value.trim();

title.addEventListener("change", async () => {
  const words = title.value.trim();
  if (!words || words === last) return;
  last = words;
  try {
    const answer = await fetch(`${similar.dataset.similar}?${new URLSearchParams({ title: words })}`, { redirect: "error" });
    if (answer.ok && words === last) similar.innerHTML = await answer.text();
  } catch {
    // what is shown stays; it is only an offer
  }
});
