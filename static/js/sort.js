// Sort in place, focus stays; links between views of the same page likewise.
import { go } from "./refresh.js";

const boards = document.querySelector("[data-part=boards]");
const buttons = () => [...boards.querySelectorAll("th button")];

boards?.addEventListener("click", async (event) => {
  const button = event.target.closest("th button");
  if (!button) return;
  event.preventDefault();
  const place = buttons().indexOf(button);
  const address = new URL(button.form.action);
  address.search = new URLSearchParams(new FormData(button.form, button));
  if (await go(address)) buttons()[place]?.focus({ preventScroll: true });
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-go]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { search, textContent } = link;
  const address = new URL(link.href);
  address.hash = "";
  if (!(await go(address))) return;
  const links = [...document.querySelectorAll("a[data-go]")];
  const same = links.find((each) => each.textContent === textContent);
  (same ?? links.find((each) => each.search === search))?.focus({ preventScroll: true });
});
