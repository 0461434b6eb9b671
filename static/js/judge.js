// The judging page: pair after pair; the next one is there when the vote is in.
import "./collapse.js";
import "./copy_answer.js";
import "./diff.js";
import "./keys.js";
import "./reasons.js";
import "./scroll.js";
import { takeVotes } from "./ballot.js";
import { announcePair, bar, main, pair, post, say, tell } from "./page.js";

let next = null;

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
  // A set that was chosen stays at the end.
  report.action = following.url.replace(/(?=\?|$)/, "/report");
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

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-next]") || !next) return;
  if (event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  goOn(next);
});

addEventListener("popstate", () => location.reload());

takeVotes({
  acts: [["[data-skip], [data-report]", passBy]],
  revealed: (told) => (next = told.next),
});
