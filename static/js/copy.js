// Shows the copy button only where it works: with this script, and if the browser lets pages copy.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector("[data-copied]");
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value).then(
      () => { said.textContent = said.dataset.copied; },
      () => {}, // the text is selected, so the keyboard can copy it
    );
  });
}
