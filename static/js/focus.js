// Focuses the error summary, so that it is read aloud and the keyboard starts there.
document.querySelector("[data-autofocus]")?.focus();
