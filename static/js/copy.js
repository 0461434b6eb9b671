// A button that copies a text of the page and says so.
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.querySelector("span");
  const usual = label.textContent;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(text);
      label.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(document.getElementById(button.dataset.copy));
      label.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => (label.textContent = usual), 3000);
  });
}
