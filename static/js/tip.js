// Words beside a mark, for the pointer and for the keyboard; Escape takes them away.
import { onShown } from "./refresh.js";

const GAP_PX = 8;
const NEXT = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
// The mark's own name says the same.
tip.setAttribute("aria-hidden", "true");
document.body.append(tip);

function show(mark) {
  tip.textContent = mark.dataset.tip;
  tip.hidden = false;
  const at = mark.getBoundingClientRect();
  const left = at.left + at.width / 2 - tip.offsetWidth / 2;
  const most = document.documentElement.clientWidth - tip.offsetWidth - GAP_PX;
  const above = at.top - tip.offsetHeight - GAP_PX;
  tip.style.left = `${Math.max(GAP_PX, Math.min(most, left))}px`;
  tip.style.top = `${above > 60 ? above : at.bottom + GAP_PX}px`;
}

const hide = () => { tip.hidden = true; };

// One stop for the Tab key in each drawing; arrows go on from there.
function prepare() {
  for (const plot of document.querySelectorAll(".plot")) {
    const marks = plot.querySelectorAll("[data-tip]");
    marks.forEach((mark, place) => mark.setAttribute("tabindex", place ? "-1" : "0"));
  }
}

function step(mark, by) {
  const marks = [...mark.closest(".plot").querySelectorAll("[data-tip]")];
  const next = marks[(marks.indexOf(mark) + by + marks.length) % marks.length];
  mark.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}

for (const [come, leave] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(come, ({ target }) => {
    const mark = target.closest?.("[data-tip]");
    if (mark) show(mark);
  });
  document.addEventListener(leave, hide);
}
addEventListener("scroll", hide, { passive: true });

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return hide();
  const mark = event.target.closest?.(".plot [data-tip]");
  if (!mark || !NEXT[event.key]) return;
  event.preventDefault();
  step(mark, NEXT[event.key]);
});

prepare();
onShown(prepare);
