// Buttons and links that open a dialog, and those that close it.
import { dialog } from "./page.js";

export function openDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) {
      event.preventDefault();
      dialog(opener.dataset.open).showModal();
    }
    const closer = event.target.closest("[data-close]");
    closer?.closest("dialog").close();
    // The backdrop belongs to the dialog itself.
    if (event.target instanceof HTMLDialogElement) event.target.close();
  });
}
