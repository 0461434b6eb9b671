// One-key shortcuts: never while typing, with a modifier, on repeat or in a dialog,
// and off when the reader says so (WCAG 2.1.4).
import { keep, recall } from "./store.js";

const root = document.documentElement;
const on = document.querySelector("[data-keys-on]");

const areOff = () => recall("keys") === "off";

function show() {
  on.checked = !areOff();
  root.dataset.keys = areOff() ? "off" : "on";
}

function isOurs(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.isComposing || event.repeat || areOff()) return false;
  if (document.querySelector("dialog[open]")) return false;
  return !event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
}

function targetOf(key) {
  const targets = document.querySelectorAll(`[data-key~="${CSS.escape(key)}"]`);
  return [...targets].find((target) => !target.disabled && target.checkVisibility());
}

document.addEventListener("keydown", (event) => {
  if (!isOurs(event)) return;
  const key = event.key.toLowerCase();
  // Enter keeps its own meaning on whatever has the focus.
  if (key === "enter" && event.target.closest("a, button, summary, label, input")) return;
  const target = targetOf(key);
  if (!target) return;
  event.preventDefault();
  target.click();
});

on.addEventListener("change", () => {
  keep("keys", on.checked ? null : "off");
  show();
});
show();
