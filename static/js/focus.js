// The error summary takes the focus, so that it is read out and the keyboard starts there.
document.querySelector("[data-autofocus]")?.focus();
