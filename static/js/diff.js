// Words that stand in one answer only. Offered where the answers are alike enough for
// that to tell anything; never hides text, and leaves no trace when switched off.
import { onAnswers, pair } from "./page.js";

const ALIKE = 0.5;
const WORD = /[\p{L}\p{N}]{3,}/gu;
const PARTS = /([\p{L}\p{N}]{3,})/u;

const bodies = () => [...pair.querySelectorAll("[data-body]")];
const bagOf = (body) => new Set(body.textContent.toLowerCase().match(WORD) ?? []);

function likeness(a, b) {
  const shared = [...a].filter((word) => b.has(word)).length;
  return a.size + b.size ? (2 * shared) / (a.size + b.size) : 0;
}

function textsOf(body) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("math, pre, button")) {
      texts.push(walker.currentNode);
    }
  }
  return texts;
}

function mark(text, others) {
  const parts = text.data.split(PARTS);
  const fragment = document.createDocumentFragment();
  for (const [i, part] of parts.entries()) {
    if (i % 2 && !others.has(part.toLowerCase())) {
      const marked = document.createElement("mark");
      marked.textContent = part;
      fragment.append(marked);
    } else if (part) {
      fragment.append(part);
    }
  }
  text.replaceWith(fragment);
}

function unmark(body) {
  for (const marked of body.querySelectorAll("mark")) marked.replaceWith(...marked.childNodes);
  body.normalize();
}

function toggle(shown) {
  const both = bodies();
  if (!shown) return both.forEach(unmark);
  const bags = both.map(bagOf);
  both.forEach((body, i) => textsOf(body).forEach((text) => mark(text, bags[1 - i])));
}

onAnswers(() => {
  const offer = pair.querySelector("[data-diff-offer]");
  offer.hidden = likeness(...bodies().map(bagOf)) < ALIKE;
});

pair.addEventListener("change", (event) => {
  if (event.target.matches("[data-diff]")) toggle(event.target.checked);
});
