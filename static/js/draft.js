// What is being written: kept until it is sent, counted near its limit, sent by
// Ctrl+Enter.
const NEAR = 2000;
const SENT = "sent";
const keyOf = (text) => `draft:${text.dataset.draft}`;

function stored(act) {
  try {
    return act(sessionStorage);
  } catch {
    return null; // No storage allowed: the page alone keeps it.
  }
}

export function forgetDraft(name) {
  stored((storage) => storage.removeItem(`draft:${name}`));
}

// A page with what was sent says that it has arrived.
export function forgetSent() {
  const name = stored((storage) => storage.getItem(SENT));
  if (name) forgetDraft(name);
  keepSent();
}

// It came back.
export function keepSent() {
  stored((storage) => storage.removeItem(SENT));
}

function count(text) {
  const counter = text.form.querySelector("[data-counter]");
  const limit = Number(text.dataset.limit);
  // Characters as the server counts them; a string's length is never below.
  const near = text.value.length > limit - NEAR;
  const left = near ? limit - [...text.value].length : limit;
  counter.hidden = left >= NEAR;
  counter.classList.toggle("over", left < 0);
  const number = Math.abs(left).toLocaleString("en");
  counter.textContent = left < 0 ? `${number} characters too many` : `${number} characters left`;
}

function keep(text) {
  stored((storage) => storage.setItem(keyOf(text), text.value));
}

export function keepDraft(text) {
  if (!text.value) text.value = stored((storage) => storage.getItem(keyOf(text))) ?? "";
  text.addEventListener("input", () => {
    keep(text);
    count(text);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!event.repeat) text.form.requestSubmit();
  });
  text.form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-change]")) return;
    event.preventDefault();
    text.focus();
  });
  count(text);
}

// The page is about to go; whether the text arrived, the next one tells.
export function markSent(text) {
  keep(text);
  stored((storage) => storage.setItem(SENT, text.dataset.draft));
}
