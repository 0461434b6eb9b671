// The filters act as soon as they are changed; what excludes another puts it back.
import { go } from "./refresh.js";

const form = document.querySelector("[data-filters]");
const WAIT_MS = 250;
let waiting = 0;

// Only what differs from the plain page, so that addresses stay short.
function address() {
  const wanted = new URL(form.action);
  const sort = new URLSearchParams(location.search);
  for (const [name, value] of new FormData(form)) {
    if (value && name !== "was" && name !== "sort" && name !== "cells") {
      wanted.searchParams.append(name, value.trim());
    }
  }
  for (const name of ["cells", "sort"]) {
    if (sort.get(name)) wanted.searchParams.set(name, sort.get(name));
  }
  return wanted;
}

function putBackOthers(field) {
  if (!field.dataset.alone || !(field.checked ?? field.value)) return;
  for (const other of form.querySelectorAll(`[data-alone="${field.dataset.alone}"]`)) {
    if (other === field) continue;
    if (other.type === "checkbox") other.checked = false;
    else other.value = "";
  }
}

// The way back leads to an address; the form tells what it says.
function follow() {
  const given = new URLSearchParams(location.search);
  for (const field of form.elements) {
    if (field.type === "checkbox") {
      field.checked = given.getAll(field.name).includes(field.value);
    }
    else if (field.tagName === "SELECT") field.value = given.get(field.name) ?? "";
    else if (field.type === "search") {
      field.value = given.get(field.name) ?? "";
    }
  }
}

form?.addEventListener("change", (event) => {
  if (event.target.type === "search") return;
  putBackOthers(event.target);
  go(address());
});

form?.addEventListener("input", (event) => {
  if (event.target.type !== "search") return;
  clearTimeout(waiting);
  waiting = setTimeout(() => go(address(), { again: true }), WAIT_MS);
});

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  go(address());
});

if (form) addEventListener("popstate", follow);
