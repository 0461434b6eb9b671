// On a phone: one answer at a time, by tab or swipe; both are to be opened once.
import { dialog, isPhone, onPair, pair } from "./page.js";

let opened = new Set();
let asked = false;
const places = { a: null, b: null };

const box = () => pair.querySelector("[data-answers]");
const tab = (side) => pair.querySelector(`[data-tab="${side}"]`);
const shown = () => {
  const { scrollLeft, clientWidth } = box();
  return Math.abs(scrollLeft) > clientWidth / 2 ? "b" : "a";
};

function note() {
  const here = shown();
  opened.add(here);
  for (const side of ["a", "b"]) {
    if (side === here) tab(side).ariaCurrent = "true";
    else tab(side).removeAttribute("aria-current");
    tab(side).querySelector("[data-unopened]")?.toggleAttribute("hidden", opened.has(side));
  }
}

// Each side keeps its place; a new one starts at its top.
function turn(side) {
  const from = shown();
  if (from === side) return;
  places[from] = scrollY;
  const under = tab(side).getBoundingClientRect().bottom;
  const top = Math.min(scrollY, scrollY + box().getBoundingClientRect().top - under);
  const card = pair.querySelector(`[data-answer="${side}"]`);
  box().scrollTo({ left: card.offsetLeft - box().offsetLeft, behavior: "auto" });
  scrollTo(0, places[side] ?? top);
  note();
}

pair.addEventListener("click", (event) => {
  const link = event.target.closest("[data-tab]");
  if (!link) return;
  event.preventDefault();
  turn(link.dataset.tab);
});

onPair(() => {
  opened = new Set();
  asked = false;
  places.a = places.b = null;
  box().addEventListener("scroll", note, { passive: true });
  note();
});

// Resolve to whether the vote may go: asks once where a side was never opened.
export function bothOpened() {
  const sheet = dialog("unopened");
  const missing = ["a", "b"].find((side) => !opened.has(side));
  if (!isPhone() || asked || !missing) return Promise.resolve(true);
  asked = true;
  sheet.querySelector("[data-unopened-name]").textContent = missing.toUpperCase();
  sheet.returnValue = "";
  sheet.showModal();
  return new Promise((resolve) => {
    sheet.addEventListener("close", () => resolve(sheet.returnValue === "vote"), { once: true });
    sheet.querySelector("[data-vote-anyway]").onclick = () => sheet.close("vote");
    sheet.querySelector("[data-open-other]").onclick = () => {
      sheet.close("open");
      turn(missing);
      tab(missing).focus({ preventScroll: true });
    };
  });
}
