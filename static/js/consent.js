// The agreement before the first vote, asked in a dialog over the pair.
import { dialog, post, tell } from "./page.js";

const sheet = dialog("consent");
let agreed = !sheet;

// Say whether the visitor agrees, asking where that isn't known.
export function consented() {
  if (agreed) return Promise.resolve(true);
  sheet.showModal();
  return new Promise((resolve) => {
    sheet.addEventListener("close", () => resolve(agreed), { once: true });
  });
}

sheet?.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  event.stopPropagation();
  try {
    const response = await post("/consent", new FormData(event.target));
    agreed = response.ok;
    if (!agreed) tell((await response.json()).detail);
  } catch {
    tell("Your agreement couldn’t be sent: no connection. Nothing has been stored.");
  }
  sheet.close();
});
