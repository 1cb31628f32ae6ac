// Updates the advice under a goal's title when the title or the measure changes. Without this script the advice is on
// the page after saving.
const form = document.querySelector("#title-advice").closest("form");
const place = document.querySelector("#title-advice");
const NAMES = ["title", "unit", "start_value", "target_value", "done_when", "due_on", "measure_kind"];
let request = null;

function offerExample() {
  const button = place.querySelector("[data-example]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    form.elements.title.value = button.dataset.example;
    form.elements.title.focus();
    look();
  });
}

async function look() {
  request?.abort();
  request = new AbortController();
  const said = new URLSearchParams(NAMES.map((name) => [name, form.elements[name]?.value ?? ""]));
  try {
    const response = await fetch(`${place.dataset.url}?${said}`, { signal: request.signal });
    if (!response.ok || response.redirected) return;
    place.innerHTML = await response.text();
    offerExample();
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // offline: no advice
  }
}

form.addEventListener("change", (event) => NAMES.includes(event.target.name) && look());
offerExample();
