// The judging page's fixed points, which outlive the pairs that come and go.
export const main = document.querySelector("main");
export const pair = document.querySelector("[data-pair]");
export const bar = document.querySelector("[data-bar]");

const voice = document.querySelector("[data-say]");
const trouble = document.querySelector("[data-trouble]");

// The one polite region: a screen reader hears it, nothing else is announced.
export function say(text) {
  voice.textContent = text;
}

// A failure stands in the bar, beside what failed.
export function tell(text) {
  trouble.textContent = text;
  trouble.hidden = !text;
}

export const dialog = (name) =>
  document.querySelector(`[data-dialog="${name}"]`);

// A new pair stands on the page: differences, tabs and folds look at it afresh.
export function announcePair() {
  document.dispatchEvent(new Event("pair"));
  announceAnswers();
}

export function onPair(look) {
  document.addEventListener("pair", look);
  look();
}

// Both answers stand on the page, whole.
export function announceAnswers() {
  document.dispatchEvent(new Event("answers"));
}

export function onAnswers(look) {
  document.addEventListener("answers", look);
  look();
}

export const isPhone = () =>
  getComputedStyle(pair.querySelector("[data-tabs]")).display !== "none";

const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;

// Post fields as the form would and read the answer; throws TypeError when offline.
export function post(address, fields) {
  return fetch(address, {
    method: "POST",
    body: fields,
    headers: { Accept: "application/json", "X-CSRFToken": csrf },
    credentials: "same-origin",
  });
}
