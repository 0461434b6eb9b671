// "Scroll separately": each answer in a box of the window's height. The boxes move in
// proportion, so that a long and a short answer end together.
import { isPhone, onPair, pair } from "./page.js";
import { keep, recall } from "./store.js";

const bodies = () => [...pair.querySelectorAll("[data-body]")];
let driver = null;

function apply(apart) {
  pair.querySelector("[data-answers]").classList.toggle("apart", apart);
  for (const body of bodies()) {
    const letter = body.closest("[data-answer]").dataset.answer.toUpperCase();
    if (apart) {
      body.tabIndex = 0;
      body.role = "region";
      body.ariaLabel = `Answer ${letter}, scrolls by itself`;
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) body.removeAttribute(name);
    }
  }
}

function follow(from) {
  if (driver && driver !== from) return;
  driver = from;
  const share = from.scrollTop / Math.max(1, from.scrollHeight - from.clientHeight);
  for (const body of bodies()) {
    if (body !== from) body.scrollTop = share * (body.scrollHeight - body.clientHeight);
  }
  clearTimeout(follow.timer);
  follow.timer = setTimeout(() => (driver = null), 120);
}

onPair(() => {
  const apart = recall("scroll") === "apart";
  pair.querySelector("[data-apart]").checked = apart;
  apply(apart && !isPhone());
});

pair.addEventListener("change", (event) => {
  if (!event.target.matches("[data-apart]")) return;
  keep("scroll", event.target.checked ? "apart" : null);
  apply(event.target.checked);
});

pair.addEventListener(
  "scroll",
  (event) => event.target.matches("[data-body]") && follow(event.target),
  { capture: true, passive: true },
);
