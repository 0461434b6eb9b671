// What opens is gone on with at once, by whoever works with keys.
for (const part of document.querySelectorAll("details[data-focus]")) {
  part.addEventListener("toggle", () => {
    if (part.open) part.querySelector("input:not([type=hidden]), select")?.focus();
  });
}
