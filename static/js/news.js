// New tables reach an open page: figures change where they stand, and rows move only
// when the reader asks.
import { go, onShown } from "./refresh.js";

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
// A reader's page asks for figures so often at most; all pages do not ask at once.
const REST_MS = 3000;
const SPREAD_MS = 1000;
const NARROW_SPACE = "\u202f";

const bar = document.querySelector("[data-news]");
const now = () => document.querySelector("[data-table]").dataset;
const kind = () => new URLSearchParams({ slice: now().slice, adjustment: now().adjustment });

let socket = null;
let heard = "";
let failures = 0;
let dialling = 0;
let taking = 0;
let taken = 0;

function dial() {
  clearTimeout(dialling);
  const secure = location.protocol === "https:" ? "wss" : "ws";
  heard = String(kind());
  const dialled = new WebSocket(`${secure}://${location.host}/ws/leaderboard/?${heard}`);
  socket = dialled;
  dialled.addEventListener("open", () => bar.toggleAttribute("data-listening", true));
  dialled.addEventListener("message", ({ data }) => {
    failures = 0;
    const told = JSON.parse(data);
    if (told.table > Number(now().table)) take(told);
  });
  dialled.addEventListener("close", () => {
    if (socket !== dialled) return;
    bar.removeAttribute("data-listening");
    failures += 1;
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures);
    dialling = setTimeout(dial, wait * (0.5 + Math.random() / 2));
  });
}

// Soon, but not while nobody looks, and only once for what comes meanwhile.
function take(told) {
  if (taking || document.hidden) return;
  const rest = Math.max(0, taken + REST_MS - performance.now());
  taking = setTimeout(() => fetchTable(told), rest + Math.random() * SPREAD_MS);
}

async function fetchTable({ votes }) {
  try {
    const answer = await fetch(`/leaderboard/table${location.search}`);
    if (!answer.ok) return;
    const text = await answer.text();
    const fresh = new DOMParser().parseFromString(text, "text/html");
    const { table } = fresh.querySelector("[data-table]").dataset;
    if (Number(table) <= Number(now().table)) return;
    now().table = table;
    fill(fresh);
    tell(votes);
  } catch {
    // The next table is told of as well.
  } finally {
    taken = performance.now();
    taking = 0;
  }
}

function fill(fresh) {
  for (const row of fresh.querySelectorAll("[data-model]")) {
    const model = CSS.escape(row.dataset.model);
    const shown = document.querySelector(`[data-part=boards] [data-model="${model}"]`);
    if (!shown) continue;
    // Not innerText: a row outside the page has no layout, so it never reads the same.
    const changed = shown.textContent !== row.textContent;
    const cells = row.querySelectorAll("td");
    shown.querySelectorAll("td").forEach((cell, place) => {
      cell.replaceChildren(...cells[place].childNodes);
    });
    shown.classList.toggle("fresh", changed);
  }
  const axes = fresh.querySelectorAll(".scale");
  document.querySelectorAll(".scale").forEach((axis, n) => axes[n] && axis.replaceWith(axes[n]));
}

function tell(votes) {
  const number = votes.toLocaleString("en").replaceAll(",", NARROW_SPACE);
  const judgements = `${number} judgement${votes === 1 ? "" : "s"}`;
  bar.querySelector("span").textContent = `New ratings are in (${judgements}).`;
  bar.querySelector("button").hidden = false;
}

function settle() {
  bar.querySelector("span").textContent = "";
  bar.querySelector("button").hidden = true;
  if (heard === String(kind())) return;
  const old = socket;
  dial();
  old.close();
}

bar?.querySelector("button").addEventListener("click", async () => {
  await go(location.href);
  document.querySelector("main").focus({ preventScroll: true });
});

// While nobody looked, news were passed over: a new line begins with the newest.
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !bar) return;
  const old = socket;
  dial();
  old?.close();
});

if (bar) {
  onShown(settle);
  dial();
}
