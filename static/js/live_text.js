// The two answers as they grow: what is settled is appended, the rest is replaced.
import { pair } from "./page.js";

const SIDES = ["a", "b"];
const WORDS = { waiting: "writing …", writing: "writing …", ready: "complete", failed: "didn’t arrive" };
const places = Object.fromEntries(SIDES.map((side) => [side, placeOf(side)]));

function placeOf(side) {
  const card = pair.querySelector(`[data-answer="${side}"]`);
  return {
    card,
    body: card.querySelector("[data-body]"),
    seq: Number(pair.dataset.seq),
    // Between what is settled and the rest; null while the page can't tell them apart.
    border: null,
  };
}

const textsOf = (place) => [...place.body.querySelectorAll(":scope > [data-text]")];

function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function replace(place, text, html, final) {
  if (text.hasAttribute("data-final")) return;
  text.innerHTML = html;
  text.toggleAttribute("data-final", final);
  place.border = null;
}

// A further turn: its question, and room for its answer.
function addTurn(place, prompt) {
  const asked = document.createElement("p");
  asked.className = "followup";
  asked.dir = "auto";
  asked.append(document.createElement("b"), " ", document.createElement("span"));
  asked.firstChild.textContent = "Then:";
  asked.lastChild.textContent = prompt;
  const text = document.createElement("div");
  text.className = "md";
  text.dir = "auto";
  text.dataset.text = "";
  place.body.querySelector("[data-skeleton]").before(asked, text);
  place.border = null;
  // Where the answers scroll by themselves.
  place.body.scrollTop = place.body.scrollHeight;
}

function dropTurn(place) {
  const text = textsOf(place).at(-1);
  text.previousElementSibling.remove();
  text.remove();
}

function mark(place, side, state, busy) {
  place.card.dataset.side = state;
  // Of a side that is complete before the other one nothing is told.
  const words = busy || state === "failed" ? WORDS[state] : "";
  place.card.querySelector("[data-status]")?.replaceChildren(words);
  const tab = pair.querySelector(`[data-tab="${side}"] [data-tab-name]`);
  const stands = state === "waiting" || state === "writing";
  tab.textContent = stands && !busy ? "" : WORDS[state];
  place.body.ariaBusy = busy ? "true" : null;
  place.card.querySelector("[data-missing]").hidden = state !== "failed";
}

// Draw what a snapshot says; the text of the current turn only where it is newer.
export function draw(snapshot) {
  const busy = snapshot.state === "writing";
  for (const side of SIDES) {
    const place = places[side];
    while (textsOf(place).length > snapshot.turns.length) dropTurn(place);
    for (const [i, turn] of snapshot.turns.entries()) {
      const { state, html } = turn[side];
      const isNew = !textsOf(place)[i];
      if (isNew) addTurn(place, turn.prompt);
      const isLast = i === snapshot.turns.length - 1;
      const goesOn = isLast && !isNew && state === "writing" && place.card.dataset.side === "writing";
      if (!(goesOn && snapshot.seq <= place.seq)) {
        replace(place, textsOf(place)[i], html, state === "ready");
      }
    }
    place.seq = Math.max(place.seq, snapshot.seq);
    mark(place, side, snapshot.turns.at(-1)[side].state, busy);
    place.card.querySelector("[data-retry]").hidden = !snapshot.can_retry;
  }
}

// Say whether the frame could be used; if not, the page needs the whole.
export function grow(frame) {
  const place = places[frame.side];
  if (frame.seq <= place.seq) return true;
  const text = textsOf(place).at(-1);
  if (frame.full) {
    place.border = document.createComment("");
    text.replaceChildren(place.border);
  } else if (!place.border || frame.seq > place.seq + 1) {
    return false;
  }
  place.seq = frame.seq;
  while (place.border.nextSibling) place.border.nextSibling.remove();
  place.border.before(parsed(frame.stable));
  place.border.after(parsed(frame.tail));
  if (place.card.dataset.side === "waiting") mark(place, frame.side, "writing", true);
  return true;
}

export function finish(frame) {
  const place = places[frame.side];
  if (frame.seq <= place.seq) return;
  place.seq = frame.seq;
  replace(place, textsOf(place).at(-1), frame.html, true);
  mark(place, frame.side, "ready", false);
}
