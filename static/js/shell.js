// Menus close on Escape, with the focus back on their button, and on a click elsewhere; keys lead to pages and fields.
const MENUS = "details.cp-menu[open], details[data-when][open], details[data-menu][open], details.cp-fold-btn[open]";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelectorAll(MENUS);
  for (const menu of open) menu.open = false;
  const last = [...open].at(-1);
  if (last?.contains(document.activeElement)) last.querySelector("summary").focus();
});

document.addEventListener("pointerdown", (event) => {
  for (const menu of document.querySelectorAll(MENUS)) if (!menu.contains(event.target)) menu.open = false;
});

// A menu with too little room below it opens upwards.
document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches("details[data-when]") || !menu.open) return;
    const bar = document.querySelector(".cp-bar")?.offsetHeight ?? 0; // of phones
    const below = innerHeight - bar - menu.getBoundingClientRect().bottom;
    menu.classList.toggle("is-up", below < menu.querySelector("form").offsetHeight + 8);
  },
  true,
);

// A link to something folded opens the fold, also where the browser does not.
function unfold() {
  const fold = document.querySelector(".cp-fold:not([open]):has(:target)");
  if (!fold) return;
  fold.open = true;
  document.querySelector(":target").scrollIntoView();
}
addEventListener("hashchange", unfold);
unfold();

const OFF = "shortcuts-off"; // in the storage of the browser
const sheet = document.getElementById("shortcuts");
const switched = document.getElementById("shortcuts-on");
let isGoing = false;

const focusOr = (key, address) => {
  const field = document.querySelector(`[data-shortcut="${key}"]`) ?? (key === "r" && document.getElementById("id_value"));
  if (field) field.focus();
  else if (address) location.assign(address);
};

function press(key) {
  const pages = sheet.querySelector("[data-search]").dataset;
  if (isGoing) {
    isGoing = false;
    if (pages[key] && key.length === 1) location.assign(pages[key]);
  } else if (key === "?") sheet.showModal();
  else if (key === "g") isGoing = true;
  else if (key === "n") focusOr("n", pages.add);
  else if (key === "r") focusOr("r", pages.g);
  else if (key === "/") focusOr("/", pages.search);
  else return false;
  return true;
}

if (sheet) {
  switched.checked = !localStorage.getItem(OFF);
  switched.addEventListener("change", () => {
    if (switched.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  document.addEventListener("keydown", (event) => {
    // A sheet that has just closed may have the focus until the next frame.
    const isTyping = !sheet.contains(event.target) && event.target.matches("input, select, textarea, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping || sheet.open) return;
    if (event.key !== "?" && !switched.checked) return;
    if (press(event.key)) event.preventDefault();
  });
}
