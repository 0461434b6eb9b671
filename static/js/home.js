// The first pair on the first page: the consent asked in a dialog; the vote itself is
// a plain form, and the judging page goes on from there.
import "./collapse.js";
import "./copy_answer.js";
import { consented } from "./consent.js";
import { openDialogs } from "./dialogs.js";
import { dialog } from "./page.js";

const votes = document.querySelector("[data-vote]");

async function ask(event) {
  event.preventDefault();
  if (!(await consented())) return;
  votes.removeEventListener("submit", ask);
  votes.requestSubmit(event.submitter);
}

if (dialog("consent")) votes.addEventListener("submit", ask);
openDialogs();
