"use strict";
// Charts: <yz-chart src="…"> fetches a picture and draws it when it comes into sight, or when the
// browser rests, so that paper shows them all; <yz-chart spec="…"> holds the specification itself and
// is redrawn when that changes.
(() => {
  const base = document.currentScript.src.replace(/[^/]*$/, "");
  let bundle;
  const vega = () => {
    bundle ??= new Promise((ready, failed) => {
      const script = document.createElement("script");
      script.src = `${base}vega.js`;
      script.onload = () => ready();
      script.onerror = () => failed(new Error("vega.js"));
      document.head.append(script);
    });
    return bundle;
  };

  // The theme of report/figures, and what stands for its colours on a dark ground.
  const DARK = {
    "#1f2933": "#e4e9ee", "#5f6b76": "#a9b4bf", "#52606d": "#a9b4bf", "#d5dae0": "#3b4650",
    "#c3c7cc": "#4a545e", "#f7f7f7": "#39434d", white: "#161c22", "#ffffff": "#161c22",
    "#0072b2": "#4fa8e0", "#000000": "#c9d2da", "#eef4f9": "#1b2733", "#f2f5f7": "#1d252c",
    "#08306b": "#9ccbf7",
  };
  const dark = () => document.body.classList.contains("body--dark");
  const themed = (value) => {
    if (typeof value === "string") return DARK[value.toLowerCase()] ?? value;
    if (Array.isArray(value)) return value.map(themed);
    if (value && typeof value === "object") {
      // From orange to blue over grey by hue would pass through purple.
      if (Array.isArray(value.range) && value.range.includes("#f7f7f7")) {
        return { ...value, range: value.range.map(themed), interpolate: "rgb" };
      }
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [
          key,
          key === "values" || key === "datasets" ? inner : themed(inner),
        ]),
      );
    }
    return value;
  };
  const prepared = (spec) => {
    return dark() ? themed(spec) : structuredClone(spec);
  };

  const rest = () => new Promise((ready) => {
    if (window.requestIdleCallback) requestIdleCallback(ready);
    else setTimeout(ready, 200);
  });
  let turns = Promise.resolve();

  class Chart extends HTMLElement {
    static observedAttributes = ["src", "spec"];
    constructor() {
      super();
      this.turn = 0;
      this.seen = false;
      this.rows = {};
    }
    connectedCallback() {
      this.watch ??= new IntersectionObserver((entries) => {
        if (entries.some((entry) => entry.isIntersecting)) this.show();
      }, { rootMargin: "400px" });
      this.watch.observe(this);
      turns = turns.then(rest).then(() => this.isConnected && this.show());
      this.ground ??= new MutationObserver(() => {
        if (this.seen && this.drawnDark !== dark()) this.draw();
      });
      this.ground.observe(document.body, { attributeFilter: ["class"] });
    }
    disconnectedCallback() {
      this.watch.disconnect();
      this.ground.disconnect();
      clearTimeout(this.later);
      this.result?.finalize();
    }
    // Draw it, unless that has begun; the promise is kept once it is drawn or has failed.
    show() {
      this.watch.disconnect();
      if (!this.seen) {
        this.seen = true;
        this.first = this.draw();
      }
      return this.first;
    }
    attributeChangedCallback() {
      this.picture = null;
      this.rows = {};
      if (this.seen) this.draw();
    }
    async fetched() {
      const held = this.getAttribute("spec");
      if (held) return { spec: JSON.parse(held), aspect: this.dataset.aspect };
      const answer = await fetch(this.getAttribute("src"));
      const said = await answer.json();
      if (!answer.ok) throw new Error(document.documentElement.lang.startsWith("zh") ? said.title_zh : said.title);
      return said;
    }
    async draw() {
      const mine = ++this.turn;
      if (!this.result) this.dataset.state = "loading";
      try {
        const [picture] = await Promise.all([this.picture ?? this.fetched(), vega()]);
        if (mine !== this.turn) return;
        this.picture = picture;
        this.drawnDark = dark();
        const drawnRows = this.rows;
        if (picture.spec.datasets) Object.assign(picture.spec.datasets, drawnRows);
        const place = document.createElement("div");
        place.className = "drawing";
        if (picture.aspect) place.style.aspectRatio = picture.aspect;
        const before = this.firstElementChild;
        this.append(place);
        const result = await vegaEmbed(place, prepared(picture.spec), { renderer: "svg", actions: false });
        // The element itself is the picture, named by its title; its marks are told by the table.
        for (const mark of place.querySelectorAll("[role], [aria-label], [aria-roledescription]")) {
          for (const said of ["role", "aria-label", "aria-roledescription"]) mark.removeAttribute(said);
        }
        before?.remove();
        this.result?.finalize();
        this.result = result;
        this.dataset.state = "drawn";
        if (this.dataset.choose) result.view.addEventListener("click", (_, item) => this.choose(item));
        if (this.rows !== drawnRows) await this.shift();
      } catch (error) {
        if (mine !== this.turn) return;
        this.dataset.state = "failed";
        this.textContent = String(error.message ?? error);
      }
    }
    // A press on a mark that holds a code goes to the same page with it chosen.
    choose(item) {
      const { choose, role } = this.dataset;
      const code = item?.datum?.[choose] ?? item?.datum?.properties?.[choose];
      if (!code) return;
      const there = new URL(location);
      there.searchParams.delete("site");
      there.searchParams.set(choose, code);
      if (role) there.searchParams.set("role", role);
      location.assign(there);
    }
    // Other rows of the same datasets: what is in sight follows at once, the rest when the hand rests.
    async renew(rows) {
      this.rows = { ...this.rows, ...rows };
      clearTimeout(this.later);
      const { top, bottom } = this.getBoundingClientRect();
      if (bottom > 0 && top < innerHeight) await this.shift();
      else this.later = setTimeout(() => this.shift(), 250);
    }
    // Draw the rows last told; nothing is compiled again.
    async shift() {
      if (!this.picture || !this.result) return;
      Object.assign(this.picture.spec.datasets, this.rows);
      for (const [name, values] of Object.entries(this.rows)) this.result.view.data(name, values);
      await this.result.view.runAsync();
      this.dataset.renewed = Number(this.dataset.renewed ?? 0) + 1;
    }
    // The picture alone, with its title and reading line, on paper.
    async save(form, name) {
      await vega();
      const picture = this.picture ?? (await this.fetched());
      const spec = structuredClone(picture.spec);
      const [wide, high] = (picture.aspect || "720 / 0").split("/").map(Number);
      spec.width = wide;
      if (high) spec.height = high;
      delete spec.autosize;
      const title = picture.title || this.dataset.title;
      if (title) spec.title = { text: lines(title, 82), subtitle: lines(picture.reading || this.dataset.reading || "", 116) };
      const place = document.createElement("div");
      const { view } = await vegaEmbed(place, spec, { renderer: "svg", actions: false });
      const link = document.createElement("a");
      link.href = await view.toImageURL(form, form === "png" ? 2 : 1);
      link.download = `${name}.${form}`;
      link.click();
      view.finalize();
    }
  }
  // Break a text into lines: a Chinese character is two wide and may end any line.
  const lines = (text, width) => {
    const found = [];
    let line = "", used = 0;
    for (const piece of text.match(/[\u0021-\u2e7f]+|\s|./gu) ?? []) {
      const wide = [...piece].reduce((sum, c) => sum + (c.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
      if (used + wide > width && line.trim() && !"，。；：、）”".includes(piece)) {
        found.push(line.trim());
        line = "";
        used = 0;
      }
      line += piece;
      used += wide;
    }
    return [...found, line.trim()];
  };
  customElements.define("yz-chart", Chart);

  // A page that the browser does not keep for the way back is gone: the server need not keep it.
  addEventListener("pagehide", ({ persisted }) => {
    if (!persisted) window.socket?.emit("left");
  });

  window.yanzhen = {
    // Redraw pictures with other rows, and say how to read them now.
    redraw: (pictures) => {
      for (const [key, { rows, reading }] of Object.entries(pictures)) {
        const chart = document.querySelector(`yz-chart[data-key="${key}"]`);
        if (!chart) continue;
        chart.renew(rows);
        chart.dataset.reading = reading;
        const said = chart.closest(".figure")?.querySelector(".reading");
        if (said) said.textContent = reading;
      }
    },
    print: async () => {
      await Promise.all([...document.querySelectorAll("yz-chart")].map((chart) => chart.show()));
      print();
    },
    save: (key, form) => document.querySelector(`yz-chart[data-key="${key}"]`).save(form, key),
    // Send a file or several, with the form's choices; then go to what they became. A refusal is
    // said beside them.
    send: async (input) => {
      const { target, after, lang, study: here, kept } = input.dataset;
      const said = input.form.querySelector(".sent");
      said.className = "sent";
      said.textContent = lang === "zh" ? "正在上传…" : "Sending…";
      const form = new FormData();
      for (const file of input.files) form.append(input.multiple ? "files" : "file", file);
      for (const choice of input.form.querySelectorAll("select")) form.append(choice.name, choice.value);
      const csrf = document.querySelector("meta[name=csrf-token]");
      const headers = csrf ? { "X-CSRF-Token": csrf.content } : {};
      const answer = await fetch(target, { method: "POST", body: form, headers });
      const study = await answer.json();
      if (answer.ok && !after) {
        location.reload();
      } else if (answer.ok) {
        const choices = kept ? JSON.parse(kept) : { ...(here && { study: here }), ...study };
        location.assign(`${after}?${new URLSearchParams({ ...choices, lang })}`);
      } else {
        said.className = "sent notice bad";
        said.textContent = lang === "zh" ? study.title_zh : study.title;
        for (const each of (study.problems ?? []).slice(0, 20)) {
          const line = document.createElement("div");
          const [found, wanted] = lang === "zh" ? [each.found_zh, each.expected_zh] : [each.found, each.expected];
          const place = [each.row ?? "", each.column].filter(Boolean).join(" · ");
          line.textContent = `${place}: ${found} → ${wanted}`;
          said.append(line);
        }
        input.value = "";
      }
    },
    turnDark: () => {
      Quasar.Dark.set(!Quasar.Dark.isActive);
      localStorage.setItem("yanzhen-dark", Quasar.Dark.isActive ? "1" : "0");
    },
  };
  // The address of this view, or the markup that embeds it, into the clipboard; where the browser
  // has none for this page, into a prompt.
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("button[data-copy]");
    if (!button) return;
    const there = new URL(location);
    if (button.dataset.copy === "embed") there.searchParams.set("embed", "1");
    const name = document.title.replaceAll('"', "&quot;");
    const address = String(there).replaceAll("&", "&amp;");
    const said = button.dataset.copy === "link" ? String(there)
      : `<iframe src="${address}" title="${name}" width="100%" height="720"></iframe>`;
    try {
      await navigator.clipboard.writeText(said);
      button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
    } catch {
      prompt(button.textContent, said);
    }
  });
  // The address changes while one stays on a page: what leads on from it is made when it is pressed.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[hreflang], a[data-of-view]");
    if (!link) return;
    const made = new URL(link.href);
    const here = new URLSearchParams(location.search);
    for (const [key, value] of made.searchParams) if (link.hreflang ? key === "lang" : true) here.set(key, value);
    if (link.dataset.ofView !== undefined) here.delete("study");
    made.search = here;
    link.href = made;
  }, true);
  // A list with a type box: Enter takes the first hit of what was typed; Escape, like Tab, takes
  // none, and what is chosen stands in the box again. `typed` holds boxes whose text chose nothing yet.
  const typed = new WeakSet();
  const listOf = (box) => (box.id ? getElement(Number(box.id.slice(1))) : null);
  const hitsOf = (list, text) => {
    const said = text.trim().toLocaleLowerCase();
    const hits = list.initialOptions.filter(
      (each) => said && String(each.label).toLocaleLowerCase().includes(said) && !(list.$refs.qRef.multiple && list.$refs.qRef.isOptionSelected(each)),
    );
    return [...hits.filter((each) => String(each.label).toLocaleLowerCase() === said), ...hits];
  };
  const restore = ({ $refs: { qRef } }) => {
    qRef.hidePopup();
    qRef.updateInputValue(qRef.multiple ? "" : (qRef.modelValue?.label ?? ""), true, true);
  };
  const isTypeBox = (target) => target.matches?.("input[type=search][role=combobox]");
  document.addEventListener("input", ({ target }) => {
    if (!isTypeBox(target)) return;
    typed.add(target);
    // Quasar marks what is chosen, once it has filtered; Enter takes the first hit.
    setTimeout(() => {
      const list = listOf(target);
      if (!list || !typed.has(target)) return;
      const [first] = hitsOf(list, target.value);
      list.$refs.qRef.setOptionIndex(list.filteredOptions.findIndex((each) => each.value === first?.value));
    }, 60);
  }, true);
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    // Enter also ends what an input method composes.
    if (!isTypeBox(target) || !typed.has(target) || event.isComposing) return;
    const list = listOf(target);
    const hits = hitsOf(list, target.value);
    const moves = key.startsWith("Arrow") || key.startsWith("Page");
    if (moves && list.filteredOptions.length > 1) typed.delete(target);
    else if (moves || key === "Enter" || key === "Escape") {
      // Where a text of one's own will do, what nothing holds is one.
      if (key === "Enter" && !hits.length && list.$refs.qRef.newValueMode) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (moves) return;
      typed.delete(target);
      if (key === "Enter" && hits.length) list.$refs.qRef.toggleOption(hits[0]);
      else restore(list);
    }
  }, true);
  // What scrolls must be reached by the keyboard, and have a name.
  const reachable = () => {
    for (const part of document.querySelectorAll(".q-table__middle:not([tabindex])")) {
      part.tabIndex = 0;
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", part.closest("section")?.querySelector("h2")?.textContent ?? "");
    }
  };
  // What the keyboard moves is what a screen reader must hear, with its name and value.
  const SPOKEN = ["aria-label", "aria-valuemin", "aria-valuemax", "aria-valuenow", "aria-valuetext", "aria-orientation"];
  const speak = (slider) => {
    const track = slider.querySelector(".q-slider__track-container");
    for (const name of ["role", ...SPOKEN]) {
      if (!slider.hasAttribute(name)) continue;
      track.setAttribute(name, slider.getAttribute(name));
      slider.removeAttribute(name);
    }
  };
  new MutationObserver((changes) => {
    reachable();
    for (const slider of document.querySelectorAll(".q-slider[role=slider]")) speak(slider);
    for (const { type, target } of changes) if (type === "attributes" && target.matches(".q-slider")) speak(target);
  }).observe(document, { childList: true, subtree: true, attributeFilter: SPOKEN });
  // A table on a screen holds the rows in sight; on paper it holds them all, until it is printed.
  const onPaper = (printing) => {
    for (const table of document.querySelectorAll(".yz-table")) {
      const held = getElement(Number(table.id.slice(1)))?.$root.elements[table.id.slice(1)];
      if (held) held.props["virtual-scroll"] = !printing;
    }
  };
  addEventListener("beforeprint", () => onPaper(true));
  addEventListener("afterprint", () => onPaper(false));
  // NiceGUI mounts the page after this script.
  const mounted = new Promise((ready) => {
    const wait = setInterval(() => {
      if (!window.Quasar?.Dark?.set || !document.querySelector(".q-layout")) return;
      clearInterval(wait);
      ready();
    }, 15);
  });
  // The reader's own choice of ground outweighs the system's.
  const chosen = localStorage.getItem("yanzhen-dark");
  if (chosen !== null) mounted.then(() => Quasar.Dark.set(chosen === "1"));
  // A choice is a new address of the same page: the reader finds it where they left it, with the
  // field they stood in.
  const FIELDS = "input[aria-label], textarea[aria-label], button, [role=slider][aria-label]";
  const called = (field) => field.getAttribute("aria-label") ?? field.textContent.trim();
  const alike = (name) => [...document.querySelectorAll(FIELDS)].filter((field) => called(field) === name);
  addEventListener("pagehide", () => {
    if (document.activeElement?.closest("nav")) return;
    const field = document.activeElement?.matches(FIELDS) ? document.activeElement : null;
    const name = field && called(field);
    const place = {
      path: location.pathname, at: scrollY, name, which: name && alike(name).indexOf(field),
      top: field?.getBoundingClientRect().top,
    };
    sessionStorage.setItem("yanzhen-place", JSON.stringify(place));
  });
  const left = JSON.parse(sessionStorage.getItem("yanzhen-place") ?? "null");
  sessionStorage.removeItem("yanzhen-place");
  const [entry] = performance.getEntriesByType("navigation");
  if (left?.path === location.pathname && entry?.type === "navigate") {
    mounted.then(() => {
      const field = left.name && alike(left.name)[left.which];
      if (scrollY === 0) scrollTo({ top: left.at, behavior: "instant" });
      if (!field || document.activeElement !== document.body) return;
      field.focus({ preventScroll: true });
      scrollBy({ top: field.getBoundingClientRect().top - left.top, behavior: "instant" });
    });
  }
})();
