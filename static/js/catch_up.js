// Counts the answers of the page for catching up, and shows what "All" answers in every row. Without this script the
// next page shows it.
const form = document.getElementById("catch-up");
const status = document.getElementById("chosen");

const answers = (kind = "") => [...form.querySelectorAll(`[data-answer${kind && `="${kind}"`}]`)];
const chosen = (row) => row.querySelector("input[type=radio]:checked");

function count() {
  const rows = answers();
  const words = status.dataset.words.replace("{n}", rows.filter(chosen).length);
  status.textContent = words.replace("{all}", rows.length);
}

// A repeating step comes again by itself: "next week" and "drop" for all skip this time of it (FOR_ALL in catch_up.py).
const SKIPPING = ["week", "drop"];

// Answers of a person's own stay: only rows without one, or with the earlier answer for all, follow.
function answerAll(all) {
  const choice = chosen(all)?.value;
  const day = all.querySelector("input[type=date]").value;
  for (const row of answers(all.dataset.all)) {
    if (chosen(row) && !row.dataset.follows) continue;
    row.dataset.follows = "1";
    const own = "repeats" in row.dataset && SKIPPING.includes(choice) ? "skip" : choice;
    for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === own;
    row.querySelector("input[type=date]").value = day;
  }
}

form?.addEventListener("change", (event) => {
  const all = event.target.closest("[data-all]");
  if (all) answerAll(all);
  else delete event.target.closest("[data-answer]")?.dataset.follows;
  count();
});
if (form) count();
