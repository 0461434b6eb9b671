// What is done in a live battle besides voting: ask further, stop, try again, report.
import { forgetDraft, keepDraft } from "./draft.js";
import { post, say, tell } from "./page.js";

const further = document.querySelector("[data-further]");
const text = further.querySelector("[data-draft]");
const personal = further.querySelector("[data-personal]");

export function showFurther(turnsLeft) {
  further.hidden = !turnsLeft;
  further.querySelector("[data-turns-left]").textContent = turnsLeft;
}

function warn(sentence) {
  personal.querySelector("[data-sentence]").textContent = sentence;
  personal.hidden = !sentence;
}

async function sent(form, button) {
  tell("");
  const response = await post(form.action, new FormData(form, button));
  return response.ok ? null : response.json();
}

const waiting = { state: "waiting", html: "" };

// The question stands on the page at once; what is refused is taken off again.
async function ask(form, button, battle) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const before = battle.now();
  const asking = sent(form, button);
  warn("");
  battle.expect({ prompt: text.value.trim(), a: waiting, b: waiting });
  try {
    const refusal = await asking;
    if (!refusal) return asked();
    battle.takeBack(before);
    if (refusal.reason === "personal-data-found") warn(refusal.detail);
    else tell(refusal.detail);
  } catch (error) {
    battle.takeBack(before);
    throw error;
  } finally {
    delete form.dataset.busy;
  }
}

function asked() {
  text.value = "";
  text.dispatchEvent(new Event("input"));
  forgetDraft(text.dataset.draft);
}

async function act(form, button, battle) {
  button.disabled = true;
  const refusal = await sent(form, button).finally(() => (button.disabled = false));
  if (refusal) tell(refusal.detail);
  else battle.wake();
}

async function report(form, button) {
  const refusal = await sent(form, button);
  if (refusal) tell(refusal.detail);
  else say("Thank you. A person will look at it.");
}

export function actsOn(battle) {
  return [
    ["[data-further]", (form, button) => ask(form, button, battle)],
    ["[data-stop], [data-retry]", (form, button) => act(form, button, battle)],
    ["[data-report]", report],
  ];
}

keepDraft(text);
