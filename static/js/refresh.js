// The leaderboard's one way of changing: the server's own page takes its parts' places.
const parts = () => document.querySelectorAll("[data-part]");

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

let asked = 0;

// Put the page at this address in place; false where a later wish was quicker.
async function show(address) {
  const wish = (asked += 1);
  const page = await fetched(address);
  if (wish !== asked) return false;
  for (const part of parts()) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh) part.replaceChildren(...fresh.childNodes);
  }
  document.title = page.title;
  const count = document.querySelector("[data-count]");
  document.querySelector("[data-said]").textContent = count?.textContent ?? "";
  document.dispatchEvent(new Event("shown"));
  return true;
}

// Go there without leaving; the address and the way back tell of it.
export async function go(address, { again = false } = {}) {
  try {
    if (!(await show(address))) return false;
  } catch {
    location.assign(address);
    return false;
  }
  const step = again ? "replaceState" : "pushState";
  if (String(address) !== location.href) history[step](null, "", address);
  return true;
}

export function onShown(look) {
  document.addEventListener("shown", look);
}

addEventListener("popstate", () => show(location).catch(() => location.reload()));
