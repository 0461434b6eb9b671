// Sending a vote: once, even over a broken line. What cannot be sent waits here with
// its idempotency key, so that sending it again is harmless.
import { post, say } from "./page.js";
import { keep, recall } from "./store.js";

const WAITING = "waiting-vote";
const AGAIN_MS = 5000;
const note = document.querySelector("[data-offline]");

export const isWaiting = () => recall(WAITING) !== null;

// Give the response; null while the vote waits on this device.
export async function send(address, fields) {
  try {
    const response = await post(address, new URLSearchParams(fields));
    if (response.status < 500) return settle(response);
    wait("Not sent yet");
  } catch (error) {
    // fetch says a lost connection so.
    if (!(error instanceof TypeError)) throw error;
    wait("Offline");
  }
  keep(WAITING, JSON.stringify({ address, fields }));
  return null;
}

function settle(response) {
  keep(WAITING, null);
  note.hidden = true;
  return response;
}

function wait(why) {
  note.querySelector("b").textContent = why;
  if (note.hidden) say(note.textContent.trim());
  note.hidden = false;
}

// Try until the kept vote is through, then hand its response over.
export function whenBack(arrived) {
  let busy = false;
  const again = async () => {
    if (!isWaiting() || busy || !navigator.onLine) return;
    busy = true;
    const { address, fields } = JSON.parse(recall(WAITING));
    const response = await send(address, fields);
    busy = false;
    if (response) await arrived(response, address);
  };
  addEventListener("online", again);
  setInterval(again, AGAIN_MS);
  again();
}
