// Undo, for as long as it works: the ring and the number run down together.
import { bar, post, tell } from "./page.js";

let clock = null;

export function startUndo(told, undone) {
  clearInterval(clock);
  const form = bar.querySelector("[data-undo]");
  if (!form) return;
  const endsAt = performance.now() + told.undo_seconds * 1000;
  form.querySelector(".undo").style.setProperty("--undo", `${told.undo_seconds}s`);
  const tick = () => {
    const left = Math.ceil((endsAt - performance.now()) / 1000);
    form.querySelector("[data-seconds]").textContent = left;
    if (left <= 0) end(form);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    undo(form, undone);
  });
  clock = setInterval(tick, 250);
  tick();
}

async function undo(form, undone) {
  clearInterval(clock);
  try {
    const response = await post(form.action, new FormData(form));
    const told = await response.json();
    if (response.ok) return undone(told.idempotency_key);
    tell(told.detail);
  } catch {
    tell("The vote couldn’t be taken back: no connection. You can withdraw it under “My votes”.");
  }
  end(form);
}

function end(form) {
  clearInterval(clock);
  if (form.contains(document.activeElement)) {
    bar.querySelector("[data-next]").focus({ preventScroll: true });
  }
  form.remove();
}
