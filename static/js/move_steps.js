// Shows the new dates of a goal's steps while its due date is changed. Without this script the page says by how many
// days they move, and the server asks about steps that would be due after the goal.
const box = document.querySelector("[data-move-steps]");
const form = box?.closest("form");
const mine = new Set(); // what the person ticked; the rest is ticked only while it would be due after the goal
let request = null;

function show(fresh) {
  box.querySelector("[name=shown_due]").value = fresh.querySelector("[name=shown_due]").value;
  const hint = fresh.querySelector("[role=status]");
  box.querySelector("[role=status]").textContent = hint.textContent.trim();
  for (const tick of fresh.querySelectorAll("[name=move_steps]")) {
    const old = document.getElementById(tick.id);
    if (!old) continue; // added in another tab: it keeps its date
    old.disabled = tick.disabled;
    old.checked = tick.checked || mine.has(tick.value);
    const days = tick.labels?.[0] ?? fresh.querySelector(`label[for="${tick.id}"]`);
    old.labels[0].lastElementChild.textContent = days.lastElementChild.textContent.trim();
  }
}

async function look() {
  request?.abort();
  request = new AbortController();
  const asked = new URLSearchParams({ due_on: form.elements.due_on.value, part: 1 });
  try {
    const answer = await fetch(`${box.dataset.moveSteps}?${asked}`, { signal: request.signal });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fresh.querySelector("[name=move_steps]")) show(fresh);
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // offline: the server asks
  }
}

for (const tick of box?.querySelectorAll("[name=move_steps]:checked") ?? []) mine.add(tick.value);
form?.addEventListener("change", ({ target }) => {
  if (target.name === "move_steps") target.checked ? mine.add(target.value) : mine.delete(target.value);
  if (target.name === "due_on") look();
});
