// The reveal in place, and the way back from it. Nothing moves the page.
import { bar, main, pair, say } from "./page.js";

let before = null;

export function reveal(told) {
  before = {
    bar: [...bar.childNodes],
    skip: pair.querySelector("[data-skip]"),
    verdict: told.verdict,
    sides: {},
  };
  for (const side of ["a", "b"]) {
    const card = pair.querySelector(`[data-answer="${side}"]`);
    const header = card.querySelector("[data-identity]");
    const name = pair.querySelector(`[data-tab="${side}"] [data-tab-name]`);
    before.sides[side] = { header: [...header.childNodes], name: name.textContent };
    header.innerHTML = told.html[side];
    name.textContent = told.verdict === side ? "your choice" : told[side].name;
    if ("ab".includes(told.verdict)) {
      card.classList.add(told.verdict === side ? "chosen" : "other");
    }
  }
  before.skip?.toggleAttribute("hidden", true);
  bar.replaceChildren();
  bar.innerHTML = told.html.bar;
  main.classList.add("revealed");
  count(told.session);
  say(bar.querySelector("[data-outcome]").textContent);
  bar.querySelector("[data-next]").focus({ preventScroll: true });
}

// Put the ballot back as it was, with the key of the vote to come.
export function conceal(key) {
  if (!before) return location.reload();
  for (const [side, was] of Object.entries(before.sides)) {
    const card = pair.querySelector(`[data-answer="${side}"]`);
    card.classList.remove("chosen", "other");
    card.querySelector("[data-identity]").replaceChildren(...was.header);
    pair.querySelector(`[data-tab="${side}"] [data-tab-name]`).textContent = was.name;
  }
  before.skip?.toggleAttribute("hidden", false);
  bar.replaceChildren(...before.bar);
  bar.querySelector("[name=idempotency_key]").value = key;
  bar.querySelector(`.vote[value="${before.verdict}"]`).focus({ preventScroll: true });
  main.classList.remove("revealed");
  before = null;
  step(-1);
  say("Taken back. Choose again.");
}

function count(session) {
  const progress = pair.querySelector(".session progress");
  if (progress) progress.value = session.finished ? session.length : session.done;
  for (const chip of document.querySelectorAll("[data-today]")) chip.textContent = session.today;
}

function step(by) {
  const progress = pair.querySelector(".session progress");
  if (progress) progress.value += by;
  for (const chip of document.querySelectorAll("[data-today]")) {
    chip.textContent = Number(chip.textContent) + by;
  }
}
