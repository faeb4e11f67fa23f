"use strict";
// Conveniences on top of pages that work without any of this. Words come from the page, never from here.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const on = (event, act, target = document) => target.addEventListener(event, act);
  const typedInto = (field) => field.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=file])");

  // Drafts: what is typed stays on this phone until it was sent. Never passwords, codes, telephone numbers, or what a browser fills in.
  const read = (key, box = localStorage) => { try { return JSON.parse(box.getItem(key)); } catch { return null; } };
  const write = (key, value, box = localStorage) => { try { value ? box.setItem(key, JSON.stringify(value)) : box.removeItem(key); } catch { /* private browsing */ } };
  const keyOf = (form) => `draft:${location.pathname}#${form.id}`;
  const isText = (field) => typedInto(field) && field.type !== "select-one";
  const isChanged = (field) => field.matches("select") ? field.value !== ([...field.options].find((one) => one.defaultSelected) || field.options[0])?.value
    : typedInto(field) ? field.value !== field.defaultValue : field.checked !== field.defaultChecked;
  const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches("input, select, textarea")
    && !["hidden", "password", "file", "tel"].includes(field.type) && field.name !== "code" && ["", "off"].includes(field.autocomplete));
  const showKept = (form, shown) => all("[data-kept]", form).forEach((note) => { note.hidden = !shown; });

  function save(form) {
    const kept = new Set((read(keyOf(form)) || []).map(([name]) => name)); // what was sent and came back is no change any more
    const typed = fieldsOf(form).filter((field) => isChanged(field) || kept.has(field.name));
    const words = typed.some((field) => isText(field) && field.value);
    write(keyOf(form), words && typed.map((field) => [field.name, field.value, field.checked]));
    showKept(form, words);
  }
  function restore(form) {
    const draft = read(keyOf(form)), fields = fieldsOf(form);
    if (!draft || fields.some((field) => isText(field) && isChanged(field))) return;
    for (const field of fields) {
      const [, value, checked] = draft.find(([name, value]) => name === field.name && (typedInto(field) || value === field.value)) || [];
      if (value === undefined) continue;
      if (typedInto(field)) field.value = value;
      else field.checked = checked;
      for (let box = field; isChanged(field) && (box = box.parentElement.closest("details"));) box.open = true;
    }
    showKept(form, true);
  }
  function forgetSent() { // sent, if we are elsewhere now, or the form is back without errors
    const [key, path] = read("sent", sessionStorage) || [];
    write("sent", null, sessionStorage);
    const back = all("form[data-draft]").find((form) => keyOf(form) === key);
    if (key && (path !== location.pathname || (back && !all(".problem", back)[0]))) write(key, null);
  }
  const forgetAll = () => { try { Object.keys(localStorage).filter((key) => key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key)); } catch { /* private browsing */ } };
  let pause;
  on("input", ({ target: { form } }) => {
    if (!form?.matches("[data-draft]")) return;
    clearTimeout(pause);
    pause = setTimeout(save, 300, form);
  });

  // One press sends once; buttons wake when the page is shown again, or when no answer came.
  function wake(form) {
    delete form.dataset.sending;
    all("[aria-busy]", form).forEach((button) => { button.disabled = false; button.removeAttribute("aria-busy"); });
  }
  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter, photos = shrinking.get(form);
    if (form.dataset.sending || photos) {
      event.preventDefault();
      event.stopPropagation();
      return photos?.then(() => form.requestSubmit(button));
    }
    if (form.method !== "post") return;
    if (form.getAttribute("action") === "/sign-out") forgetAll();
    form.dataset.sending = "1";
    if (form.matches("[data-draft]")) {
      clearTimeout(pause);
      save(form);
      if (!button?.name.startsWith("_")) write("sent", [keyOf(form), location.pathname], sessionStorage);
    }
    if (button) setTimeout(() => { button.disabled = true; button.setAttribute("aria-busy", "true"); });
    setTimeout(wake, 20000, form);
  }, true);

  // A tap that finds no connection is kept here and sent when there is one; the server counts it once.
  const kept = () => { try { return Object.keys(localStorage).filter((key) => key.startsWith("tap:")); } catch { return []; } };
  async function sends(path, body) {
    const { status } = await fetch(path, { method: "POST", body: new URLSearchParams(body), headers: { "X-Tap": "1" } });
    return status === 204 || (status >= 400 && status < 500); // counted, or refused for good; a hotel's sign-in page is neither
  }
  async function tap(form, button) {
    const path = form.getAttribute("action"), body = new FormData(form);
    body.append(button.name, button.value);
    if (await sends(path, body).catch(() => false)) {
      write(`tap:${path}`, null);
      return location.assign(form.dataset.later);
    }
    write(`tap:${path}`, [...body]);
    setTimeout(wake, 0, form);
    const note = document.getElementById("tap-kept");
    note.hidden = false;
    note.focus();
  }
  async function sendKept() {
    for (const key of kept()) {
      const body = read(key), sent = await sends(key.slice(4), body).catch(() => false);
      if (!sent || JSON.stringify(body) !== JSON.stringify(read(key))) continue; // a newer tap is on its way
      write(key, null);
      if (all("form[data-later]").some((form) => `tap:${form.getAttribute("action")}` === key)) location.reload();
    }
  }
  on("submit", (event) => {
    if (!event.target.matches("[data-later]") || !event.submitter) return;
    event.preventDefault();
    tap(event.target, event.submitter);
  });
  on("online", sendKept, window);
  setInterval(sendKept, 15000);

  // Photos travel small: at most 1600 px and about 600 KB. What cannot be read here (HEIC) is sent as it is.
  const shrinking = new Map(), chosen = new WeakMap();
  async function smaller(file) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 6e5) return file;
    const canvas = document.createElement("canvas");
    canvas.width = picture.width * scale;
    canvas.height = picture.height * scale;
    canvas.getContext("2d", { alpha: false }).drawImage(picture, 0, 0, canvas.width, canvas.height);
    let blob;
    for (const quality of [0.85, 0.7, 0.5, 0.3]) {
      blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob.size < 6e5) break;
    }
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  }
  function showPhotos(input, photos) {
    const bag = new DataTransfer(), list = document.getElementById(input.dataset.shrink);
    chosen.set(input, photos);
    photos.forEach((photo) => bag.items.add(photo));
    input.files = bag.files;
    list.replaceChildren(...photos.map((photo) => {
      const [item, button, picture] = ["li", "button", "img"].map((tag) => document.createElement(tag));
      button.type = "button";
      picture.src = URL.createObjectURL(photo);
      picture.alt = `${list.dataset.remove} ${photo.name}`;
      button.onclick = () => { showPhotos(input, photos.filter((other) => other !== photo)); input.focus(); };
      button.append(picture);
      item.append(button);
      return item;
    }));
  }
  on("change", ({ target: input }) => {
    if (!input.matches("[data-shrink]") || !input.files.length || !window.createImageBitmap) return;
    const status = document.getElementById(`${input.dataset.shrink}-status`);
    status.textContent = status.dataset.busy;
    shrinking.set(input.form, Promise.all([...input.files].map((file) => smaller(file).catch(() => file)))
      .then((photos) => showPhotos(input, [...(input.multiple ? chosen.get(input) || [] : []), ...photos].slice(input.multiple ? 0 : -1)))
      .catch(() => {})
      .then(() => { shrinking.delete(input.form); status.textContent = ""; }));
  });

  // Read aloud.
  const voice = window.speechSynthesis, VOICES = { "zh-Hans": "zh-CN", "zh-Hant": "zh-TW", en: "en-GB" };
  on("click", ({ target }) => {
    const button = target.closest("[data-speak]"), text = button && document.getElementById(button.dataset.speak);
    if (!text) return;
    const speaks = button.getAttribute("aria-pressed") === "true", speech = new SpeechSynthesisUtterance(text.innerText);
    voice.cancel();
    button.setAttribute("aria-pressed", !speaks);
    if (speaks) return;
    speech.lang = VOICES[text.closest("[lang]").lang];
    speech.onend = speech.onerror = () => button.setAttribute("aria-pressed", "false");
    voice.speak(speech);
  });

  on("click", ({ target }) => target.closest("[data-print]") && print());
  let folded = [];
  on("beforeprint", () => { folded = all("details.more:not([open])"); folded.forEach((one) => { one.open = true; }); }, window);
  on("afterprint", () => folded.forEach((one) => { one.open = false; }), window);

  // Letters press what names them; an Enter that ends a Chinese word sends nothing.
  on("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || event.keyCode === 229) return key === "Enter" && event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || key.length > 1 || target.matches("input, select, textarea")) return;
    const named = all("[data-key]").find((one) => one.dataset.key === key.toLowerCase() && !one.disabled && one.offsetParent);
    if (named) { event.preventDefault(); named.click(); }
  });

  // The bar of the three acts steps aside for the phone's keyboard.
  on("focusin", ({ target }) => document.documentElement.classList.toggle("typing", typedInto(target)));
  on("focusout", () => document.documentElement.classList.remove("typing"));

  function dress() {
    all("form[data-draft]").forEach(restore);
    all(voice ? "[data-speak], [data-print]" : "[data-print]").forEach((button) => { button.hidden = false; });
    all("[data-focus]")[0]?.focus();
  }
  on("htmx:afterRequest", ({ target }) => { const form = target.closest("form"); if (form) wake(form); });
  on("htmx:afterSwap", dress);
  const unsent = (shown) => { const note = document.getElementById("unsent"); note.hidden = !shown; if (shown) note.scrollIntoView({ block: "center" }); };
  on("htmx:beforeRequest", () => unsent(false));
  on("htmx:sendError", () => unsent(true));
  on("htmx:timeout", () => unsent(true));
  on("pagehide", () => voice?.cancel(), window);
  on("pageshow", ({ persisted }) => {
    all("form").forEach(wake);
    if (persisted && all("[data-live]")[0]) location.reload();
  }, window);
  forgetSent();
  dress();
  sendKept();
})();
