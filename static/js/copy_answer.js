// Copying: a whole answer, or one block of code.
import { onAnswers, pair, say } from "./page.js";

async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  button.classList.add("done");
  say("Copied.");
  setTimeout(() => button.classList.remove("done"), 2000);
}

// What the reader sees, but for the buttons between.
function textOf(body) {
  const buttons = body.querySelectorAll("button");
  for (const button of buttons) button.hidden = true;
  const text = body.innerText;
  for (const button of buttons) button.hidden = false;
  return text;
}

function addButton(pre) {
  if (pre.parentElement.querySelector(".copy-code")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-code";
  button.textContent = "Copy";
  button.ariaLabel = "Copy this code";
  button.addEventListener("click", () => copy(pre.textContent, button));
  pre.parentElement.append(button);
}

if (navigator.clipboard) {
  onAnswers(() => pair.querySelectorAll(".hl > pre").forEach(addButton));
  pair.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    copy(textOf(button.closest("[data-answer]").querySelector("[data-body]")), button);
  });
} else {
  document.documentElement.dataset.clipboard = "none";
}
