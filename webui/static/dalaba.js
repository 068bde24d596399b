// What forms cannot do: live state, holding a button down. Every page works without this file.
"use strict";
(() => {
  const every = (milliseconds, work) => {
    const turn = async () => {
      if (!document.hidden) await work();
      setTimeout(turn, milliseconds);
    };
    setTimeout(turn, milliseconds);
  };
  const fetched = async (address, kind) => {
    const answer = await fetch(address, { headers: { Accept: kind }, signal: AbortSignal.timeout(8000) });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(answer.status);
    return answer;
  };
  const clock = (seconds) =>
    seconds === null ? "–" : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  // A part that somebody is in the middle of is left alone until they have done.
  const isBusy = (part) => part.contains(document.activeElement) && document.activeElement.matches("button, input, select, textarea");

  const day = document.getElementById("day");
  if (day?.dataset.live) {
    const lost = document.getElementById("lost");
    every(1000, async () => {
      try {
        const now = await (await fetched(day.dataset.live, "application/json")).json();
        lost.hidden = true;
        for (const one of now.on_air) {
          const part = day.querySelector(`[data-airing="${CSS.escape(one.airing)}"]`);
          if (!part) continue;
          const bar = part.querySelector("progress");
          if (bar) bar.value = one.heard_s;
          const counted = part.querySelector(".counted");
          counted.textContent = counted.dataset.words.replace("{plays}", one.plays)
            .replace("{heard}", clock(one.heard_s)).replace("{length}", clock(one.length_s));
        }
        const level = document.getElementById("level");
        if (level) level.value = now.level;
        if (now.stamp !== day.dataset.stamp && !isBusy(day)) {
          day.innerHTML = await (await fetched(day.dataset.part, "text/html")).text();
          day.dataset.stamp = now.stamp;
        }
      } catch (error) {
        lost.hidden = false;
      }
    });
  }

  const calls = document.getElementById("calls");
  if (calls?.dataset.refresh) {
    let shown = "";
    every(800, async () => {
      try {
        const text = await (await fetched(calls.dataset.refresh, "text/html")).text();
        const said = new DOMParser().parseFromString(text, "text/html").body.textContent;
        if (said !== shown && !(isBusy(calls) && shown)) calls.innerHTML = text;
        shown = said;
      } catch (error) { /* tried again in a moment; the button works all the same */ }
    });
  }

  // The red button: held for two seconds by finger, mouse or keyboard, it sends its form.
  for (const button of document.querySelectorAll("[data-hold]")) {
    const form = button.form;
    let timer = 0;
    const begin = (event) => {
      if (timer || event.repeat) return;
      if (!form.reportValidity()) return;
      event.preventDefault();
      button.classList.add("is-held");
      form.dispatchEvent(new Event("dalaba:soon", { bubbles: true }));
      timer = setTimeout(() => {
        const sending = new CustomEvent("dalaba:send", { bubbles: true, cancelable: true, detail: { button, action: button.dataset.hold } });
        if (!form.dispatchEvent(sending)) return; // sending.js takes it from here
        form.action = button.dataset.hold;
        form.submit();
      }, 2000);
    };
    const end = () => {
      clearTimeout(timer);
      timer = 0;
      button.classList.remove("is-held");
    };
    button.hidden = false;
    document.getElementById("next")?.classList.add("is-second");
    button.addEventListener("pointerdown", begin);
    for (const ending of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) button.addEventListener(ending, end);
    button.addEventListener("keydown", (event) => { if (event.key === " " || event.key === "Enter") begin(event); });
    button.addEventListener("contextmenu", (event) => event.preventDefault());
  }
  // Somebody who chooses one place does not mean everywhere as well.
  const zones = [...document.querySelectorAll('#call input[name="zone"]')];
  for (const zone of zones) {
    zone.addEventListener("change", () => {
      for (const other of zones) if (zone.checked && (zone.value === "all") !== (other.value === "all")) other.checked = false;
    });
  }
  const words = document.getElementById("words");
  words?.addEventListener("input", () => { document.querySelector('input[name="script"][value="free"]').checked = true; });
})();
