// What the panel's theme leaves out for those who move by landmarks: one main part, and
// names that tell its other parts apart.
function number(selector, name) {
  document.querySelectorAll(selector).forEach((part, index) => {
    part.setAttribute("aria-label", `${name} ${index + 1}`);
  });
}

function tidy() {
  document.querySelector("#main, #page, body > div")?.setAttribute("role", "main");
  number(".simplebar-content-wrapper", "Scrollable part");
  number("nav", "Navigation");
  // A plain span takes no name; its title says the same.
  for (const help of document.querySelectorAll("span.help-tooltip")) {
    help.removeAttribute("aria-label");
  }
}

// After the scripts of the widgets, which also wait for the page to load.
addEventListener("load", () => setTimeout(tidy));
