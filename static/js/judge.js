// The judging page: a vote goes out, the reveal comes in, the next pair is there.
import "./collapse.js";
import "./copy_answer.js";
import "./diff.js";
import "./keys.js";
import "./reasons.js";
import "./scroll.js";
import { consented } from "./consent.js";
import { openDialogs } from "./dialogs.js";
import { announcePair, bar, main, onPair, pair, post, say, tell } from "./page.js";
import { conceal, reveal } from "./reveal.js";
import { bothOpened } from "./tabs.js";
import { startUndo } from "./undo.js";
import { isWaiting, send, whenBack } from "./vote.js";

let next = null;
let shownAt = performance.now();
onPair(() => (shownAt = performance.now()));

async function vote(form, button) {
  if (isWaiting() || main.dataset.busy || !(await bothOpened())) return;
  const given = await consented();
  button.focus({ preventScroll: true });
  if (!given) return;
  form.elements.reading_ms.value = Math.round(performance.now() - shownAt);
  const fields = Object.fromEntries(new FormData(form));
  // At once, before the server has answered: the choice stands.
  choose(button);
  fields[button.name] = button.value;
  const response = await send(form.action, { ...fields, next: "1" });
  if (response) await arrived(response);
}

function choose(button) {
  main.dataset.busy = "vote";
  main.dataset.choice = button.value;
  for (const other of bar.querySelectorAll(".vote")) other.ariaDisabled = "true";
  button.ariaPressed = "true";
  tell("");
}

function unchoose() {
  delete main.dataset.busy;
  delete main.dataset.choice;
  for (const button of bar.querySelectorAll(".vote")) {
    button.ariaDisabled = button.ariaPressed = null;
  }
}

async function arrived(response, address = "") {
  // A vote that waited may have been cast on another page.
  if (address && bar.querySelector("[data-vote]")?.action !== address) return;
  unchoose();
  const told = await response.json();
  if (response.ok) {
    next = told.next;
    reveal(told);
    startUndo(told, takenBack);
  } else if (told.reason === "already-voted" || told.reason === "wrong-side") {
    location.reload();
  } else {
    tell(told.detail);
  }
}

function takenBack(key) {
  conceal(key);
  shownAt = performance.now();
}

// Show the pair that is already here; without one go where the link goes.
function goOn(following) {
  if (!following?.pair) return location.assign(following?.url ?? "/judge");
  document.activeElement?.blur();
  main.classList.remove("revealed");
  pair.innerHTML = following.pair;
  bar.innerHTML = following.bar;
  next = null;
  history.pushState({ pair: true }, "", following.url);
  const report = document.querySelector("[data-report]");
  report.action = `${following.url}/report`;
  tell("");
  announcePair();
  scrollTo(0, 0);
  pair.querySelector("h1").focus({ preventScroll: true });
  say(pair.querySelector(".session .num").textContent);
}

async function passBy(form, button) {
  const response = await post(form.action, new FormData(form, button));
  const told = await response.json();
  if (response.ok) goOn(told.next);
  else tell(told.detail);
}

function actOf(form) {
  if (form.matches("[data-vote]")) return vote;
  return form.matches("[data-skip], [data-report]") ? passBy : null;
}

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const act = actOf(form);
  if (!act) return;
  event.preventDefault();
  if (submitter?.ariaDisabled === "true") return;
  try {
    form.closest("dialog")?.close();
    await act(form, submitter);
  } catch {
    delete main.dataset.busy;
    tell("That didn’t go through. Check the connection and try again.");
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-next]") || !next) return;
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  goOn(next);
});

addEventListener("popstate", () => location.reload());
// A page out of the browser's memory may show a ballot that has been voted on since.
addEventListener("pageshow", (event) => event.persisted && location.reload());

openDialogs();
whenBack(arrived);
const seconds = bar.querySelector("[data-revealed]")?.dataset.undoSeconds;
if (seconds) startUndo({ undo_seconds: Number(seconds) }, () => location.reload());
