// The vote on the page: it goes out, the reveal comes in, and undo takes it back.
import { consented } from "./consent.js";
import { openDialogs } from "./dialogs.js";
import { bar, main, onPair, tell } from "./page.js";
import { conceal, reveal } from "./reveal.js";
import { bothOpened } from "./tabs.js";
import { startUndo } from "./undo.js";
import { isWaiting, send, whenBack } from "./vote.js";

let shownAt = performance.now();
let whenRevealed = () => {};
let whenTakenBack = () => {};

export function readFromNow() {
  shownAt = performance.now();
}
onPair(readFromNow);

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
    reveal(told);
    whenRevealed(told);
    startUndo(told, takenBack);
  } else if (told.reason === "already-voted" || told.reason === "wrong-side") {
    location.reload();
  } else {
    tell(told.detail);
  }
}

function takenBack(key) {
  conceal(key);
  readFromNow();
  whenTakenBack();
}

// Take votes, and what other forms do: pairs of a selector and an act, which is given
// the form and its button.
export function takeVotes({ acts, revealed, undone = () => {} }) {
  whenRevealed = revealed;
  whenTakenBack = undone;
  const actOf = (form) =>
    [["[data-vote]", vote], ...acts].find(([selector]) => form.matches(selector))?.[1];
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
  openDialogs();
  whenBack(arrived);
  const seconds = bar.querySelector("[data-revealed]")?.dataset.undoSeconds;
  if (seconds) startUndo({ undo_seconds: Number(seconds) }, () => location.reload());
}

// A page out of the browser's memory may show a ballot that has been voted on since.
addEventListener("pageshow", (event) => event.persisted && location.reload());
