// Orders steps by dragging. The buttons of each row also work with the keyboard and without this script.
const list = document.getElementById("order");
const form = document.getElementById("order-form");
const status = document.getElementById("order-status");
let dragged = null;
let before = "";

const rows = () => [...list.querySelectorAll("[data-step]")];
const order = () => rows().map((row) => row.dataset.step);

for (const grip of list.querySelectorAll(".cp-grip")) {
  grip.hidden = false;
  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || dragged) return;
    event.preventDefault();
    dragged = grip.closest("[data-step]");
    before = order().join();
    dragged.classList.add("is-dragged");
  });
}

document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  for (const row of rows()) {
    if (row === dragged) continue;
    const box = row.getBoundingClientRect();
    const middle = box.top + box.height / 2;
    const isAbove = row.compareDocumentPosition(dragged) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (isAbove && event.clientY < middle) return void row.before(dragged);
    if (!isAbove && event.clientY > middle && event.clientY < box.bottom) return void row.after(dragged);
  }
  // Past the last row: to the end.
  const last = rows().at(-1);
  if (last !== dragged && event.clientY > last.getBoundingClientRect().bottom) last.after(dragged);
});

document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

function drop() {
  if (!dragged) return;
  const row = dragged;
  row.classList.remove("is-dragged");
  dragged = null;
  if (order().join() !== before) save(row);
}

// Sends all steps on the page. If steps were added or closed elsewhere, the page reloads.
async function save(row) {
  const body = new URLSearchParams(new FormData(form));
  for (const step of order()) body.append("step", step);
  try {
    const answer = await fetch(location.pathname, { method: "POST", body, redirect: "manual" });
    if (!answer.ok) return location.reload();
  } catch {
    return location.reload();
  }
  for (const [place, one] of rows().entries()) {
    one.querySelector("[data-way=earlier]").disabled = place === 0;
    one.querySelector("[data-way=later]").disabled = place === rows().length - 1;
  }
  status.textContent = status.dataset.saved.replace("{n}", rows().indexOf(row) + 1);
}
