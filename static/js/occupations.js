// Suggests occupations while someone types a role: a combobox as in the ARIA Authoring Practices (list autocomplete,
// manual selection). Without this script the button beside or below the field searches. Where a choice is not part of a
// form (there is no template "occupation-chosen"), it opens the page of the occupation.
const input = document.querySelector("[data-occupations]");
const status = document.getElementById("occupations-status");
const found = document.getElementById("occupations-found");
const chosen = document.getElementById("occupation-chosen");
const WAIT = 200; // milliseconds after the last key
const LEAST = 2; // letters
const state = { timer: 0, request: null, hits: [], active: -1 };

const list = document.createElement("ul");
list.id = "occupations-list";
list.className = "cp-combo-list";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", (chosen ?? input).dataset.listLabel);
list.hidden = true;
input.after(list);
for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) {
  input.setAttribute(name, value);
}
document.getElementById("look-up")?.setAttribute("hidden", "");

function close() {
  clearTimeout(state.timer);
  state.request?.abort();
  state.hits = [];
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  move(-1);
}

function move(to) {
  state.active = to;
  for (const [place, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(place === to));
  const active = list.children[to];
  if (active) input.setAttribute("aria-activedescendant", active.id);
  else input.removeAttribute("aria-activedescendant");
  active?.scrollIntoView({ block: "nearest" });
}

function option(hit, place) {
  const item = document.createElement("li");
  item.id = `occupations-option-${place}`;
  item.setAttribute("role", "option");
  item.append(hit.title);
  if (hit.matched) {
    const also = document.createElement("small");
    also.textContent = hit.matched;
    item.append(" ", also);
  }
  item.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  item.addEventListener("click", () => choose(place));
  return item;
}

function open(told) {
  state.hits = told.hits;
  list.replaceChildren(...told.hits.map(option));
  list.hidden = told.hits.length === 0;
  input.setAttribute("aria-expanded", String(!list.hidden));
  move(-1);
  tell(chosen || told.hits.length || told.answers ? told.status : input.dataset.noMatch, list.hidden || told.near);
}

// Always read aloud; visible only if the list does not show it.
function tell(words, isSeen = false) {
  status.textContent = words;
  status.className = isSeen ? "cp-hint mb-4" : "visually-hidden";
}

// Choose the occupation for comparison. The user's own words stay in the field unless they are part of the title.
function choose(place) {
  const hit = state.hits[place];
  if (!chosen) return location.assign(hit.path);
  const choice = chosen.content.cloneNode(true);
  choice.querySelector("#occupation-new").value = hit.id;
  choice.querySelector("label").textContent = hit.title;
  const name = hit.matched || hit.title;
  if (name.toLowerCase().includes(input.value.trim().toLowerCase())) input.value = name;
  choice.querySelector("[name=asked]").value = input.value; // the choice is about these words
  found.replaceChildren(choice);
  close();
  tell(hit.title);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

async function look() {
  state.request?.abort();
  const words = input.value.trim().slice(0, 100);
  if (words.length < LEAST) {
    tell("");
    return close();
  }
  const request = (state.request = new AbortController());
  try {
    const address = `${input.dataset.occupations}?${new URLSearchParams({ q: words })}`;
    const answer = await fetch(address, { signal: request.signal, redirect: "error" });
    if (answer.ok && document.activeElement === input) open(await answer.json());
  } catch {
    if (!request.signal.aborted) close(); // no list; own words are enough
  }
}

input.addEventListener("input", () => {
  clearTimeout(state.timer);
  state.timer = setTimeout(look, WAIT);
});
input.addEventListener("blur", close);
input.addEventListener("keydown", (event) => {
  const last = state.hits.length - 1;
  const step = { ArrowDown: state.active >= last ? 0 : state.active + 1, ArrowUp: state.active <= 0 ? last : state.active - 1 }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    if (list.hidden) look();
    else move(step);
  } else if (event.key === "Enter" && state.active >= 0) {
    event.preventDefault();
    choose(state.active);
  } else if (event.key === "Escape") {
    if (!list.hidden) event.preventDefault();
    close(); // also a list that is on its way
  }
});
