// How a form is sent: only while the station answers. Where it does not, the page stays as it is and says that nothing was
// sent; it is never sent later by itself. Marked are forms (data-guard), by _forms.html; the red button comes here, too.
"use strict";
(() => {
  const words = document.getElementById("drafts");
  if (!words) return;
  const LONGEST_MS = 5_000;
  const FRESH_MS = 4_000;
  const AGAIN_MS = 3_000;
  const TWICE_MS = 2_000;

  // Any answer is one; null: there is none.
  const asked = async () => {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), LONGEST_MS);
    try {
      const answer = await fetch(words.dataset.alive, { cache: "no-store", headers: { Accept: "application/json" }, signal: ending.signal });
      return await answer.json().catch(() => ({}));
    } catch (error) {
      return null;
    } finally {
      clearTimeout(timer);
    }
  };

  const told = new WeakMap();
  const tell = (form, button) => {
    told.get(form)?.remove();
    const box = words.content.querySelector(".unsent").cloneNode(true);
    const { kept } = form.dataset;
    const plain = kept === "yes" ? "kept" : kept === "no" ? "unkept" : "plain";
    const urgent = kept === "yes" ? "emergencyKept" : "emergency";
    box.lastElementChild.textContent = box.dataset[form.dataset.guard === "emergency" ? urgent : plain];
    (button?.closest(".acts") ?? button ?? form.lastElementChild).before(box);
    box.scrollIntoView({ block: "nearest" });
    told.set(form, box);
    const look = async () => {
      if (!box.isConnected) return;
      if (document.hidden || !(await asked())) {
        setTimeout(look, AGAIN_MS);
        return;
      }
      box.lastElementChild.textContent = box.dataset.again;
      box.classList.remove("bad");
    };
    setTimeout(look, AGAIN_MS);
  };

  const hidden = (form, name, value) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
    return field;
  };
  const send = (form, button, action, at) => {
    told.get(form)?.remove();
    const added = button?.name ? [hidden(form, button.name, button.value)] : [];
    if (at !== undefined) added.push(hidden(form, "asked_at", at));
    const before = form.getAttribute("action");
    if (action) form.setAttribute("action", action);
    HTMLFormElement.prototype.submit.call(form);
    added.forEach((field) => field.remove());
    if (before === null) form.removeAttribute("action");
    else form.setAttribute("action", before);
  };

  const busy = new WeakSet();
  const sent = new WeakMap();
  const begun = new WeakMap();
  const carefully = async (form, button, action) => {
    if (busy.has(form) || Date.now() - (sent.get(form) ?? 0) < TWICE_MS) return; // a shaking finger means it once
    busy.add(form);
    button?.setAttribute("aria-busy", "true");
    form.dispatchEvent(new Event("dalaba:keep"));
    const early = begun.get(form);
    const answer = await (early && Date.now() - early.at < FRESH_MS ? early.answer : asked());
    begun.delete(form);
    busy.delete(form);
    button?.removeAttribute("aria-busy");
    if (answer) {
      sent.set(form, Date.now());
      send(form, button, action, answer.at);
    } else tell(form, button);
  };
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("[data-guard]")) return;
    event.preventDefault();
    carefully(event.target, event.submitter, event.submitter?.getAttribute("formaction"));
  });
  // The red button is held for two seconds: time enough to ask.
  document.addEventListener("dalaba:soon", (event) => begun.set(event.target, { at: Date.now(), answer: asked() }));
  document.addEventListener("dalaba:send", (event) => {
    event.preventDefault();
    carefully(event.target, event.detail.button, event.detail.action);
  });
})();
