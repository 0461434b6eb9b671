// Sort in place: the server's own answer takes the tables' place, focus stays.
const boards = document.querySelector("[data-boards]");

async function show(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  boards.replaceChildren(...page.querySelector("[data-boards]").childNodes);
}

function placeOf(button) {
  return [...boards.querySelectorAll("th button")].indexOf(button);
}

boards?.addEventListener("click", async (event) => {
  const button = event.target.closest("th button");
  if (!button) return;
  event.preventDefault();
  const place = placeOf(button);
  const address = new URL(button.form.action);
  address.searchParams.set(button.name, button.value);
  try {
    await show(address);
  } catch {
    location.assign(address);
    return;
  }
  history.pushState(null, "", address);
  boards.querySelectorAll("th button")[place]?.focus({ preventScroll: true });
});

if (boards) addEventListener("popstate", () => show(location).catch(() => location.reload()));
