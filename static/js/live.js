// A live battle: two answers come in, further questions go out, then the vote.
import "./clamp.js";
import "./copy_answer.js";
import "./diff.js";
import "./keys.js";
import "./reasons.js";
import "./scroll.js";
import { readFromNow, takeVotes } from "./ballot.js";
import { forgetSent } from "./draft.js";
import { Line } from "./live_line.js";
import { draw, finish, grow } from "./live_text.js";
import { actsOn, showFurther } from "./live_acts.js";
import { announceAnswers, bar, main, pair, say, tell } from "./page.js";

const PATIENCE_MS = 1500;
const address = `/battle/${pair.dataset.live}`;
let state = pair.dataset.state;
let snapshot = null;
let began = false;
// A vote has shown who answered: nothing more is asked, even if it is taken back.
let spent = false;

function show(now) {
  state = pair.dataset.state = now.state;
  const revealed = main.classList.contains("revealed");
  for (const part of document.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(state);
  }
  for (const button of bar.querySelectorAll(".vote")) button.disabled = state !== "ready";
  for (const line of bar.querySelectorAll("[data-sentence]")) line.textContent = now.sentence;
  const stop = bar.querySelector("[data-stop] button");
  if (stop) stop.disabled = !now.can_stop;
  showFurther(revealed || spent ? 0 : now.turns_left);
}

function heedSnapshot(now, quiet = false) {
  // Here the vote is being cast or stands already; elsewhere it was cast in another tab.
  if (main.dataset.busy || main.classList.contains("revealed")) return;
  if (now.state === "voted" && !spent) return location.assign(`/judge/${now.battle}`);
  const before = state;
  if (now.state === "writing" && before !== "writing") unmark();
  snapshot = now;
  draw(now);
  show(now);
  if (now.state !== before) began = false;
  if (now.state === "writing" && now.turns.at(-1).a.state === "writing") begin();
  if (now.state === before) return;
  if (now.state === "ready") {
    announceAnswers();
    if (!quiet) say("Both answers are complete. You can judge now.");
  } else if (now.sentence) {
    say(now.sentence);
  }
  if (now.state === "closed") line?.end();
}

// Differences of the last turn mean nothing beside a growing answer.
function unmark() {
  const offered = pair.querySelector("[data-diff]");
  if (offered.checked) offered.click();
  pair.querySelector("[data-diff-offer]").hidden = true;
}

function heedText(frame) {
  if (grow(frame)) begin();
  else line.resync();
}

// The first text of a turn is there: reading begins.
function begin() {
  if (began) return;
  began = true;
  readFromNow();
  say("Both answers are being written.");
}

function heedDone(frame) {
  finish(frame);
  // The word that one may vote comes right behind; if it was lost, it is asked for.
  setTimeout(() => state === "writing" && line.resync(), PATIENCE_MS);
}

function heed(frame) {
  if (frame.type === "text") heedText(frame);
  else if (frame.type === "done") heedDone(frame);
  else if (frame.type === "error") tell(frame.sentence);
  else if (!isOlder(frame)) heedSnapshot(frame);
}

// A state from before a further question, which is on its way to the arena.
function isOlder(now) {
  const open = now.state !== "closed" && now.state !== "voted";
  return open && now.turns.length < (snapshot?.turns.length ?? 0);
}

function showLost(lost) {
  const note = bar.querySelector("[data-lost]");
  if (note) note.hidden = !lost;
}

if (state === "writing") unmark();
const isOver = state === "closed" || state === "voted";
const line = isOver
  ? null
  : new Line({ address, heed, lost: showLost, busy: () => state === "writing" });

takeVotes({
  acts: actsOn({
    expect: (turn) => {
      line.wake();
      const turns = [...(snapshot?.turns ?? []), turn];
      if (snapshot) heedSnapshot({ ...snapshot, state: "writing", turns, can_stop: true });
    },
    takeBack: (before) => before && heedSnapshot(before, true),
    wake: () => line.wake(),
    now: () => snapshot,
  }),
  revealed: () => {
    spent = true;
    showFurther(0);
    pair.querySelector("[data-open=leave]")?.remove();
    line?.end();
  },
  undone: () => show({ state: "ready", sentence: "" }),
});
forgetSent();
