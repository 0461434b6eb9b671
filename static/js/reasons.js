// Why: each tap is saved as it is made.
import { bar, post, say, tell } from "./page.js";

async function save(form) {
  try {
    const response = await post(form.action, new FormData(form));
    if (response.ok) return say("Saved.");
    tell((await response.json()).detail);
  } catch {
    tell("The reason couldn’t be saved: no connection. Your vote stands.");
  }
}

bar.addEventListener("change", (event) => {
  const form = event.target.closest("[data-reasons]");
  if (form) save(form);
});

bar.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-reasons]")) return;
  event.preventDefault();
  save(event.target);
});
