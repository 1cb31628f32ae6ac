// Shows the user's most similar finished steps after the title of a step was changed. Without this script they appear
// when the form is shown again.
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
    // keep what is shown; it is only an offer
  }
});
