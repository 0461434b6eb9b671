// The page on which a question is written.
import { consented } from "./consent.js";
import { openDialogs } from "./dialogs.js";
import { keepDraft, keepSent, markSent } from "./draft.js";
import { dialog, tell } from "./page.js";

const form = document.querySelector("[data-ask]");
const text = form.querySelector("[data-draft]");
const starters = document.querySelector("[data-starters]");
let allowed = !dialog("consent");

// Typed, so that the browser's own undo brings back what stood there.
function write(question) {
  text.focus();
  text.select();
  if (!document.execCommand("insertText", false, question)) text.value = question;
  text.dispatchEvent(new Event("input"));
}

async function drawOthers(link) {
  try {
    const response = await fetch(link.dataset.others);
    if (response.ok) starters.innerHTML = await response.text();
  } catch {
    tell("Other questions couldn’t be fetched: no connection.");
  }
}

document.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey) return;
  const starter = event.target.closest("[data-starter]");
  const others = event.target.closest("[data-others]");
  if (!starter && !others) return;
  event.preventDefault();
  if (starter) write(starter.querySelector("[data-text]").textContent);
  else drawOthers(others);
});

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (form.dataset.sent) return event.preventDefault();
  if (!allowed) {
    event.preventDefault();
    allowed = await consented();
    if (allowed) form.requestSubmit(button);
    return;
  }
  form.dataset.sent = "yes";
  markSent(text);
});
// Back from the battle: the form may be sent again.
addEventListener("pageshow", () => delete form.dataset.sent);

openDialogs();
keepSent();
keepDraft(text);
if (matchMedia("(pointer: fine)").matches) text.focus({ preventScroll: true });
