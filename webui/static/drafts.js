// What somebody typed and the station has not taken yet stays in this browser: until it is taken, thrown away, or they
// sign out. Marked are forms (data-draft), by _forms.html. Never kept: what is hidden, secret, a file, or marked
// data-undrafted. Every page works without this file.
"use strict";
(() => {
  const words = document.getElementById("drafts");
  if (!words) return;
  const PREFIX = "dalaba-draft:";
  const MINE = `${PREFIX}${words.dataset.account}:`;
  const MOST = 30;
  const MOST_SIGNS = 400_000;
  const LONGEST_MS = 30 * 24 * 3600 * 1000;
  const SECRET = "button, fieldset, output, object, [type=hidden], [type=password], [type=file], [type=submit], [type=button], [type=reset], [type=image], [autocomplete=one-time-code], [data-undrafted]";
  // The version that a form was filled for: with it the station itself notices that somebody else was faster.
  const BASES = ["base", "based_on", "was"];

  // --- the shelf: one item of the browser's storage for each draft, PREFIX account:form#number ------------------
  const shelf = () => {
    const found = [];
    for (let at = 0; at < localStorage.length; at += 1) {
      const place = localStorage.key(at);
      if (!place.startsWith(PREFIX)) continue;
      let draft = null;
      try {
        draft = JSON.parse(localStorage.getItem(place));
      } catch (error) { /* not ours any more */ }
      found.push({ place, number: place.slice(place.lastIndexOf("#") + 1), size: localStorage.getItem(place).length, ...draft, at: draft?.at ?? 0 });
    }
    return found.sort((one, other) => other.at - one.at);
  };
  const drop = (place) => localStorage.removeItem(place);
  const tidy = () => {
    const taken = words.dataset.taken.split(" ");
    let size = 0;
    shelf().forEach((one, count) => {
      size += one.size;
      const isLeft = taken.includes(one.number) || taken.some((who) => who[0] === "*" && one.place.startsWith(`${PREFIX}${who.slice(1)}:`));
      const isOld = !one.fields || !one.place.includes("#") || Date.now() - one.at > LONGEST_MS;
      if (isLeft || isOld || count >= MOST || size > MOST_SIGNS) drop(one.place);
    });
  };
  const put = (place, draft) => {
    const text = JSON.stringify(draft);
    try {
      localStorage.setItem(place, text);
    } catch (error) {
      const oldest = shelf().filter((one) => one.place !== place).pop();
      if (!oldest) throw error;
      drop(oldest.place);
      localStorage.setItem(place, text);
    }
    tidy();
    return localStorage.getItem(place) === text;
  };
  try {
    tidy();
  } catch (error) {
    return; // a browser that keeps nothing
  }

  // --- what stands in a form ------------------------------------------------------------------------------------
  const boxes = (form) => [...form.elements].filter((one) => one.name && !one.disabled && !one.readOnly && !one.matches(SECRET));
  const isBox = (one) => one.type === "checkbox" || one.type === "radio";
  const valueOf = (box, isServed) => {
    if (isBox(box)) return (isServed ? box.defaultChecked : box.checked) ? box.value : null;
    if (box.tagName !== "SELECT") return isServed ? box.defaultValue : box.value;
    const served = [...box.options].find((one) => one.defaultSelected) ?? box.options[0];
    return isServed ? served?.value ?? "" : box.value;
  };
  const stands = (form, isServed = false) => {
    const found = {};
    for (const box of boxes(form)) {
      const those = (found[box.name] ??= []);
      const value = valueOf(box, isServed);
      if (value !== null) those.push(value);
    }
    for (const those of Object.values(found)) while (those.length && those.at(-1) === "") those.pop();
    return found;
  };
  const differing = (one, other) => [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => JSON.stringify(one[name] ?? []) !== JSON.stringify(other[name] ?? []));
  const isSame = (one, other) => differing(one, other).length === 0;
  const basesOf = (form) => BASES.filter((name) => form.elements[name]?.type === "hidden").map((name) => [name, form.elements[name].value]);
  const fill = (form, fields) => {
    for (const [name, values] of Object.entries(fields)) {
      const those = boxes(form).filter((one) => one.name === name);
      if (!those.length) continue;
      if (isBox(those[0])) {
        for (const box of those) box.checked = values.includes(box.value);
        continue;
      }
      while (those.length < values.length) {
        those.at(-1).after(those.at(-1).cloneNode(true));
        those.push(those.at(-1).nextElementSibling);
      }
      those.forEach((box, at) => {
        const value = values[at] ?? "";
        if (box.tagName === "SELECT" && ![...box.options].some((one) => one.value === value)) box.add(new Option(value, value));
        box.value = value;
      });
    }
  };

  // --- in words ---------------------------------------------------------------------------------------------------
  const when = (at) => {
    const then = new Date(at);
    const isToday = then.toDateString() === new Date().toDateString();
    const parts = isToday ? {} : { month: "long", day: "numeric" };
    return then.toLocaleString(document.documentElement.lang, { ...parts, hour: "2-digit", minute: "2-digit", hour12: false });
  };
  const labelOf = (form, name) => {
    const box = boxes(form).find((one) => one.name === name);
    const isOneOfMany = isBox(box) || boxes(form).filter((one) => one.name === name).length > 1;
    const label = (isOneOfMany && box.closest("fieldset")?.querySelector("legend")) || box.labels?.[0];
    return (label?.textContent || box.getAttribute("aria-label") || name).trim();
  };
  const said = (form, name, values = []) => boxes(form).filter((one) => one.name === name).flatMap((box) => {
    if (isBox(box)) return values.includes(box.value) ? [box.labels?.[0]?.textContent.trim() ?? box.value] : [];
    if (box.tagName === "SELECT") return [...box.options].filter((one) => one.value && values.includes(one.value)).map((one) => one.text);
    return [];
  }).filter((one, at, all) => all.indexOf(one) === at).join("、") || values.join(boxes(form).some((one) => one.name === name && one.tagName === "TEXTAREA") ? "\n" : "、");

  // --- one form -----------------------------------------------------------------------------------------------------
  const tend = (form) => {
    const { draft: key, typed, needs, over } = form.dataset;
    const place = (number) => `${MINE}${key}#${number}`;
    const served = stands(form, true);
    const found = shelf().filter((one) => one.place.startsWith(`${MINE}${key}#`));
    // A form that came back to be put right: what stands in it is what was typed, not what the station has.
    const back = found.find((one) => one.number === typed);
    let first = back?.served ?? served;
    let version = back?.version ?? over;
    const mark = document.createElement("input");
    Object.assign(mark, { type: "hidden", name: "draft" });
    form.append(mark);
    mark.value = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

    const keep = () => {
      clearTimeout(waiting);
      const now = stands(form);
      const isWorth = !needs || needs.split(" ").some((name) => now[name]?.join("").trim());
      try {
        if (form.dataset.dropped || !isWorth || isSame(now, back ? first : served)) {
          drop(place(mark.value));
          form.dataset.kept = "";
        } else form.dataset.kept = put(place(mark.value), { at: Date.now(), served: first, version, base: basesOf(form), fields: now }) ? "yes" : "no";
      } catch (error) {
        form.dataset.kept = "no";
      }
      form.dispatchEvent(new Event("dalaba:kept"));
    };
    let waiting = 0;
    const soon = (event) => {
      if (event.target.matches(SECRET)) return;
      clearTimeout(waiting);
      waiting = setTimeout(keep, 300);
      isTouched = true;
    };
    let isTouched = Boolean(back);
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("dalaba:keep", () => { if (isTouched) keep(); });
    addEventListener("pagehide", () => { if (isTouched) keep(); });
    document.addEventListener("visibilitychange", () => { if (isTouched && document.hidden) keep(); });

    const adopt = (one) => {
      mark.value = one.number;
      first = one.served;
      version = one.version;
    };
    const bringBack = (one) => {
      if (isTouched) {
        keep();
        if (form.dataset.kept === "yes") pending.unshift({ ...JSON.parse(localStorage.getItem(place(mark.value))), number: mark.value });
      }
      fill(form, one.fields);
      adopt(one);
      if (isNews(one)) for (const [name, value] of one.base ?? []) if (form.elements[name]?.type === "hidden") form.elements[name].value = value;
      isTouched = true;
      for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
      const box = boxes(form).find((each) => differing(one.fields, served).includes(each.name)) ?? boxes(form)[0];
      for (let around = box.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
      for (const each of boxes(form)) each.dispatchEvent(new Event("input", { bubbles: true }));
      box.focus();
    };
    const isNews = (one) => over !== undefined && (one.version !== over || !isSame(one.served ?? {}, served));
    const offer = () => {
      const one = pending.shift();
      if (!one) return;
      const bar = words.content.querySelector(".draft").cloneNode(true);
      const what = bar.querySelector(".what");
      what.textContent = what.dataset.words.replace("{at}", when(one.at));
      if (isNews(one)) {
        bar.querySelector(".since").hidden = false;
        const row = bar.querySelector(".one");
        for (const name of differing(one.fields, served).filter((each) => boxes(form).some((box) => box.name === each))) {
          const shown = row.cloneNode(true);
          const now = shown.querySelector(".now");
          shown.hidden = false;
          shown.querySelector("dt").textContent = labelOf(form, name);
          now.textContent = said(form, name, served[name]) || now.dataset.empty;
          shown.querySelector(".yours").textContent = said(form, name, one.fields[name]) || now.dataset.empty;
          row.before(shown);
        }
        row.remove();
      }
      const done = (...instead) => {
        bar.replaceWith(...instead);
        offer();
      };
      bar.querySelector(".take").addEventListener("click", () => {
        bringBack(one);
        done(words.content.querySelector(".brought").cloneNode(true));
      });
      bar.querySelector(".drop").addEventListener("click", () => {
        drop(place(one.number));
        done();
        boxes(form)[0]?.focus({ preventScroll: true });
      });
      let before = form.closest(".editor") ?? form;
      for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) before = around;
      before.before(bar);
    };

    if (back) adopt(back);
    const pending = [];
    for (const one of found.filter((each) => each !== back)) {
      if (isSame(one.fields, served)) drop(one.place);
      else if (isSame(one.fields, stands(form))) adopt(one);
      else pending.push(one);
    }
    offer();
    for (const link of document.querySelectorAll("a[data-drop]")) {
      link.addEventListener("click", () => {
        form.dataset.dropped = "yes";
        keep();
      });
    }
  };
  if (words.dataset.account) document.querySelectorAll("form[data-draft]").forEach(tend);
})();
