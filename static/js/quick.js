// Shows while typing what a line for a new step is understood as; Enter saves it. Without this script the next page
// shows it.
const box = document.querySelector("[data-quickbox]");
const form = box.querySelector("form");
const line = form.elements.line;
const panel = box.querySelector(".cp-understood");
let request = null;
let timer = 0;

async function understand() {
  request?.abort();
  if (!line.value.trim()) return (panel.hidden = true);
  request = new AbortController();
  const said = new URLSearchParams([...new FormData(form), ["part", "1"]]);
  const goal = panel.querySelector("select")?.value;
  if (goal) said.set("goal", goal);
  try {
    const answer = await fetch(`${form.action}?${said}`, { signal: request.signal });
    if (!answer.ok || answer.redirected) return;
    panel.innerHTML = await answer.text();
    panel.hidden = false;
    panel.scrollIntoView({ block: "nearest" }); // on a phone it opened behind the bar
  } catch (error) {
    if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // offline: the page says it
  }
}

line.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(understand, 200);
});

form.addEventListener("submit", (event) => {
  const shown = panel.hidden ? null : panel.querySelector("form");
  if (!shown) return;
  event.preventDefault();
  shown.elements.line.value = line.value;
  shown.submit();
});

line.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  clearTimeout(timer);
  request?.abort();
  line.value = "";
  panel.hidden = true;
});
