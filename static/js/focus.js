// Focuses the error summary, so that it is read aloud and the keyboard starts there.
document.querySelector("[data-autofocus]")?.focus();

// Says how much of a text fits, once most of it is used; without this script the answer says it.
const FROM = 0.8; // of the limit
document.addEventListener("input", ({ target }) => {
  const limit = Number(target.dataset?.limit);
  if (!limit) return;
  const length = [...target.value].length;
  let line = target.nextElementSibling?.matches(".cp-limit") ? target.nextElementSibling : null;
  if (length < FROM * limit) return line?.remove();
  if (!line) {
    line = document.createElement("p");
    line.className = "form-text cp-limit";
    target.after(line);
  }
  line.classList.toggle("is-over", length > limit);
  const format = new Intl.NumberFormat(document.documentElement.lang).format;
  line.textContent = target.dataset.limitWords.replace("{n}", format(length)).replace("{limit}", format(limit));
});
