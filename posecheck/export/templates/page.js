(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const figure = (number) => number.toLocaleString(document.documentElement.lang);
  const fill = (node, values) =>
    node.dataset.text.replace(/\{(\w+)\}/g, (_, name) => figure(values[name]));

  // The counts are known when all photos are written, and belong to the top.
  $("#summary-place").replaceWith($("#summary"));

  const perPage = Number(document.body.dataset.perPage);
  const tools = $("#tools");
  const view = $("#view");
  const cards = $$("#cards > .card").map((node) => ({
    node,
    open: $(".open", node),
    level: node.dataset.level,
    decision: node.dataset.decision,
    gestures: node.dataset.gestures.split(" "),
    name: $$(".path", node).map((path) => path.textContent).join("\n").toLowerCase(),
  }));
  let matching = cards;
  let visible = new Set(cards);
  let page = 0;
  let current = 0;

  function pagesOf(list) {
    return Math.max(1, Math.ceil(list.length / perPage));
  }

  function showPage(number) {
    page = Math.min(Math.max(number, 0), pagesOf(matching) - 1);
    const wanted = new Set(matching.slice(page * perPage, (page + 1) * perPage));
    for (const card of visible) if (!wanted.has(card)) card.node.hidden = true;
    for (const card of wanted) card.node.hidden = false;
    visible = wanted;
    const shown = fill($("#shown"), { shown: matching.length, total: cards.length });
    $("#shown").textContent = shown;
    $("#no-match").hidden = matching.length > 0;
    for (const pager of $$(".pager")) {
      pager.hidden = pagesOf(matching) < 2;
      const text = $(".page", pager);
      text.textContent = fill(text, { page: page + 1, pages: pagesOf(matching) });
      $("[data-page=previous]", pager).setAttribute("aria-disabled", page === 0);
      $("[data-page=next]", pager).setAttribute("aria-disabled", page + 1 >= pagesOf(matching));
    }
    // What is left out on paper must be said on paper.
    const chosen = $$("label", tools)
      .map((label) => [label.firstChild.textContent.trim(), $("select, input", label)])
      .filter(([, field]) => field.value)
      .map(([name, field]) => `${name}: ${field.selectedOptions?.[0].textContent ?? field.value}`);
    const where = pagesOf(matching) > 1 ? [$(".pager .page").textContent] : [];
    $("#print-state").textContent = [shown, ...where, ...chosen].join("; ");
  }

  function turn(step) {
    const before = page;
    showPage(page + step);
    if (page !== before) $("#photos").scrollIntoView();
  }

  function filter() {
    const { name, gesture, level, decision } = tools.elements;
    const part = name.value.trim().toLowerCase();
    matching = cards.filter(
      (card) =>
        (!gesture.value || card.gestures.includes(gesture.value)) &&
        (!level.value || card.level === level.value) &&
        (!decision.value || card.decision === decision.value) &&
        (!part || card.name.includes(part)),
    );
    showPage(0);
  }

  // Only what occurs can be chosen.
  function offer(field, valuesOf) {
    const counts = new Map();
    for (const value of cards.flatMap(valuesOf)) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const option of $$("option", field)) {
      if (!option.value) continue;
      if (!counts.has(option.value)) option.remove();
      else option.textContent += ` (${figure(counts.get(option.value))})`;
    }
  }
  offer(tools.elements.gesture, (card) => card.gestures);
  offer(tools.elements.level, (card) => [card.level]);
  offer(tools.elements.decision, (card) => [card.decision]);

  // A photo in large: the thumbnail's boxes over the large picture, and the card's words beside it.
  function show(number) {
    if (number < 0 || number >= matching.length) return;
    current = number;
    const card = matching[number];
    if (Math.floor(number / perPage) !== page) showPage(Math.floor(number / perPage));
    const frame = $(".picture, .missing > span", card.open).cloneNode(true);
    const image = $("img", frame);
    const large = card.open.dataset.large;
    if (image) {
      frame.className = "large";
      for (const chip of $$(".chip", frame)) {
        const [x, y] = chip.dataset.at.split(" ");
        chip.setAttribute("x", `${x}%`);
        chip.setAttribute("y", `${y}%`);
      }
      frame.style.setProperty("--ratio", image.width / image.height);
      image.loading = "eager";
      if (large) image.src = large;
    }
    $(".stage", view).replaceChildren(frame);
    const about = $(".about", card.node).cloneNode(true);
    for (const hash of $$(".hash", about)) hash.textContent = hash.title;
    for (const part of $$("img", about)) part.loading = "eager";
    $(".side", view).replaceChildren(about);
    $(".side", view).scrollTop = 0;
    const note = $(".small-only", view);
    note.textContent = note.dataset.text;
    note.hidden = !image || Boolean(large);
    const position = $(".position", view);
    position.textContent = fill(position, { n: number + 1, total: matching.length });
    $("[data-step='-1']", view).setAttribute("aria-disabled", number === 0);
    $("[data-step='1']", view).setAttribute("aria-disabled", number + 1 >= matching.length);
    if (!view.open) {
      view.showModal();
      $("[data-step='1']", view).focus();
    }
  }

  function step(by) {
    if (view.open) {
      show(current + by);
      return;
    }
    const focused = matching.findIndex((card) => card.node.contains(document.activeElement));
    const target = focused < 0 ? page * perPage : focused + by;
    if (target < 0 || target >= matching.length) return;
    if (Math.floor(target / perPage) !== page) showPage(Math.floor(target / perPage));
    matching[target].open.focus({ preventScroll: true });
    const { node } = matching[target];
    node.scrollIntoView();
    // Cards that come into view take their true height, which moves those below.
    requestAnimationFrame(() => requestAnimationFrame(() => node.scrollIntoView()));
  }

  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("input", filter);
  tools.addEventListener("reset", () => setTimeout(filter));
  $("#cards").addEventListener("click", (event) => {
    const open = event.target.closest(".open");
    if (open) show(matching.findIndex((card) => card.open === open));
  });
  for (const button of $$("[data-page]")) {
    button.addEventListener("click", () => turn(button.dataset.page === "next" ? 1 : -1));
  }
  for (const button of $$("[data-step]", view)) {
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  }
  $(".close", view).addEventListener("click", () => view.close());
  view.addEventListener("close", () => {
    $(".stage", view).replaceChildren();
    matching[current]?.open.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, select")) return;
    const by = { j: 1, ArrowRight: 1, k: -1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    step(by);
  });
  addEventListener("beforeprint", () => {
    for (const card of matching.slice(page * perPage, (page + 1) * perPage)) {
      for (const details of $$("details", card.node)) details.open = true;
      for (const image of $$("img", card.node)) image.loading = "eager";
    }
  });

  tools.hidden = cards.length === 0;
  filter();
})();
