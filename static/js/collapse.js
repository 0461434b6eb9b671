// Long things fold: code to thirty lines, and both answers to the same height, so that a
// fold tells nothing about a side.
import "./clamp.js";
import { onPair, pair } from "./page.js";

const LONG_PX = 1800;
const CODE_LINES = 30;

function button(text, target, unfold) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "more";
  made.textContent = text;
  made.ariaExpanded = "false";
  made.addEventListener("click", () => {
    unfold();
    made.remove();
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  });
  return made;
}

function foldCode(pre) {
  const lines = pre.textContent.trimEnd().split("\n").length;
  if (lines <= CODE_LINES) return;
  pre.classList.add("folded");
  pre.after(button(`Show all ${lines} lines`, pre, () => pre.classList.remove("folded")));
}

function foldAnswers() {
  const bodies = [...pair.querySelectorAll("[data-body]")];
  if (!bodies.some((body) => body.scrollHeight > LONG_PX)) return;
  const unfold = () => {
    for (const body of bodies) body.classList.remove("folded");
    for (const more of pair.querySelectorAll(".answer > .more")) more.remove();
  };
  for (const body of bodies) {
    body.classList.add("folded");
    body.after(button("Show all of both answers", body, unfold));
  }
}

onPair(() => {
  pair.querySelectorAll("pre").forEach(foldCode);
  foldAnswers();
});
