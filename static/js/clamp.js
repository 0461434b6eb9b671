// A long prompt shows its first lines, and all of them on demand.
import { onPair, pair } from "./page.js";

function clampPrompt() {
  const text = pair.querySelector("[data-clamp]");
  const more = pair.querySelector("[data-more]");
  more.hidden = text.scrollHeight <= text.clientHeight + 1;
  more.onclick = () => {
    const open = text.classList.toggle("open");
    more.ariaExpanded = String(open);
    more.textContent = open ? "Show less" : "Show all";
  };
}

onPair(clampPrompt);
document.fonts?.ready.then(clampPrompt);
