// Keys for what the buttons do, and the next picture ahead of time.  The page works without.
"use strict";

(() => {
  const picture = document.getElementById("picture");
  const note = document.getElementById("note");
  const boxes = document.getElementById("boxes");
  const help = document.getElementById("help");
  let leaving = false;

  const press = (selector) => {
    const target = document.querySelector(selector);
    if (target && !leaving) target.click();
  };

  // A second key press while the answer to the first is on its way would decide the next photo.
  document.addEventListener("submit", (event) => {
    if (leaving) event.preventDefault();
    leaving = true;
  });
  addEventListener("pageshow", () => { leaving = false; });

  // One open sheet at a time; a click elsewhere closes it.
  document.addEventListener("click", (event) => {
    for (const sheet of document.querySelectorAll("details.pop[open]")) {
      if (!sheet.contains(event.target)) sheet.open = false;
    }
  });

  const hands = [...document.querySelectorAll("#hands input[type=radio]")];
  const showHand = () => {
    const chosen = hands.find((hand) => hand.checked);
    for (const mark of document.querySelectorAll(".mark")) {
      mark.classList.toggle("chosen", Boolean(chosen) && mark.dataset.hand === chosen.value);
    }
  };
  const chooseHand = (hand) => {
    hand.checked = true;
    showHand();
    hand.closest(".card").scrollIntoView({ block: "nearest" });
  };
  const nextHand = (by) => {
    if (!hands.length) return;
    const at = hands.findIndex((hand) => hand.checked);
    chooseHand(hands[(at + by + hands.length) % hands.length]);
  };
  for (const hand of hands) hand.addEventListener("change", showHand);
  for (const mark of document.querySelectorAll(".mark")) {
    const hand = hands.find((each) => each.value === mark.dataset.hand);
    if (hand) mark.addEventListener("click", () => chooseHand(hand));
  }
  showHand();
  // After a decision on one hand the next one is chosen: have it in sight.
  const asked = hands.find((hand) => hand.defaultChecked);
  if (asked && asked.value !== "0") chooseHand(asked);

  if (boxes) {
    boxes.checked = sessionStorage.getItem("boxes") !== "off";
    boxes.addEventListener("change", () => {
      sessionStorage.setItem("boxes", boxes.checked ? "on" : "off");
    });
  }

  // What was typed stays until the case file has it, whatever happens in between.
  if (note) {
    const draft = `note ${location.pathname}`;
    const kept = sessionStorage.getItem(draft);
    if (kept !== null && kept.trim() !== note.defaultValue) note.value = kept;
    else sessionStorage.removeItem(draft);
    note.addEventListener("input", () => sessionStorage.setItem(draft, note.value));
  }

  const actions = {
    1: () => press("button.resembles"),
    m: () => press("button.resembles"),
    2: () => press("button.does_not_resemble"),
    t: () => press("button.does_not_resemble"),
    3: () => press("button.unclear"),
    b: () => press("button.unclear"),
    n: () => press("a[rel=next]"),
    p: () => press("a[rel=prev]"),
    arrowright: () => press("a[rel=next]"),
    arrowleft: () => press("a[rel=prev]"),
    u: () => press("#undo"),
    c: () => note && note.focus(),
    h: (event) => nextHand(event.shiftKey ? -1 : 1),
    k: () => boxes && boxes.click(),
    w: () => press("#faces"),
    "?": () => { if (help) help.open = !help.open; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const at = event.target;
    if (event.key === "Escape") {
      for (const sheet of document.querySelectorAll("details.pop[open]")) sheet.open = false;
      at.blur();
      return;
    }
    if (at.matches("textarea, select, input:not([type=radio], [type=checkbox])")) return;
    if (event.key.startsWith("Arrow") && at.matches("input")) return;
    const action = actions[event.key.toLowerCase()];
    if (!action || event.repeat) return;
    event.preventDefault();
    action(event);
  });

  // Asked for once this photo is there, so that it never waits for the next one.
  const ahead = document.getElementById("ahead");
  if (ahead && picture) {
    const ask = () => { new Image().src = ahead.dataset.picture; };
    if (picture.complete) ask();
    else picture.addEventListener("load", ask, { once: true });
  }
})();
