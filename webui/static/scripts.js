// Beside the editor: what will be spoken, while it is written, and a clip with its wave. Every page works without this file.
"use strict";
(() => {
  const form = document.getElementById("editor");
  if (!form) return;
  document.documentElement.classList.add("has-script");
  const body = document.getElementById("body");
  const reading = document.getElementById("reading");
  const note = document.getElementById("body-note");
  const english = document.documentElement.lang === "en";
  const asForm = (more = {}) => {
    const data = new FormData(form);
    data.delete("own_voice");
    for (const [name, value] of Object.entries(more)) data.set(name, value);
    return data;
  };
  const told = async (answer) => {
    const said = await answer.json();
    return (english ? said.error_en : said.error) || said.error || String(answer.status);
  };

  // --- the reading, half a second after the last key --------------------------------------------------------
  let waiting = 0;
  let asked = null;
  const refresh = async () => {
    if (!reading || !form.dataset.reading) return;
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(form.dataset.reading, { method: "POST", body: asForm(), headers: { Accept: "text/html" }, signal: asked.signal });
      if (!answer.ok) return;
      const text = await answer.text();
      const open = document.activeElement?.closest("#reading details");
      if (open && document.activeElement.matches("input.text") && document.activeElement.value) return;
      const all = document.getElementById("all-pinyin")?.checked;
      reading.innerHTML = text;
      const tick = document.getElementById("all-pinyin");
      if (tick && all) tick.checked = true;
    } catch (error) { /* the next key asks again; writing never waits for it */ }
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, 500);
  };

  // --- one tap puts a reading right ---------------------------------------------------------------------------
  document.addEventListener("click", async (event) => {
    const place = event.target.closest?.(".doubt[data-question]");
    if (place) {
      for (const one of document.querySelectorAll(".is-asked")) one.classList.remove("is-asked");
      const question = document.getElementById(`question-${place.dataset.question}`);
      question?.classList.add("is-asked");
      question?.scrollIntoView({ block: "nearest" });
      question?.focus({ preventScroll: true });
      return;
    }
    const button = event.target.closest?.("button[data-correct]");
    if (!button || !reading) return;
    event.preventDefault();
    button.disabled = true;
    try {
      const answer = await fetch(form.dataset.correct, { method: "POST", body: asForm({ does: button.value }), headers: { Accept: "application/json" } });
      if (answer.ok) {
        document.activeElement?.blur();
        await refresh();
        forgetClip();
      } else complain(button, await told(answer));
    } catch (error) {
      complain(button, note?.dataset.lost ?? "");
    } finally {
      button.disabled = false;
    }
  });
  const complain = (button, words) => {
    const line = document.createElement("p");
    line.className = "wrong";
    line.setAttribute("role", "alert");
    line.textContent = words;
    button.parentElement.querySelector(".wrong")?.remove();
    button.insertAdjacentElement("afterend", line);
  };

  // --- the clip -----------------------------------------------------------------------------------------------
  const player = document.getElementById("player");
  const audio = document.getElementById("audio");
  const wave = document.getElementById("wave");
  const state = document.getElementById("player-told");
  let peaks = [];
  const forgetClip = () => {
    if (!player || player.hidden) return;
    audio.pause();
    player.hidden = true;
  };
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  document.getElementById("listen")?.addEventListener("click", async (event) => {
    event.preventDefault();
    const button = event.currentTarget;
    button.disabled = true;
    player.hidden = false;
    audio.hidden = wave.hidden = true;
    state.textContent = player.dataset.working;
    try {
      const answer = await fetch(form.dataset.listen, { method: "POST", body: asForm({ does: "listen" }), headers: { Accept: "application/json" } });
      if (!answer.ok) {
        state.textContent = await told(answer);
        return;
      }
      const clip = await answer.json();
      for (let turn = 0; turn < 300; turn += 1) {
        const now = await fetch(clip.state, { headers: { Accept: "application/json" } });
        if (!now.ok) {
          state.textContent = await told(now);
          return;
        }
        if ((await now.json()).is_ready) break;
        await pause(200);
      }
      const sound = await (await fetch(clip.sound)).arrayBuffer();
      peaks = loudest(new Int16Array(sound, 44, (sound.byteLength - 44) >> 1), 300);
      audio.src = clip.sound;
      audio.hidden = wave.hidden = false;
      state.textContent = "";
      draw();
      player.scrollIntoView({ block: "nearest" });
      player.dataset.ready = "yes";
      await audio.play().catch(() => {});
    } catch (error) {
      state.textContent = player.dataset.failed;
    } finally {
      button.disabled = false;
    }
  });
  const loudest = (samples, columns) => {
    const each = Math.max(1, Math.floor(samples.length / columns));
    return Array.from({ length: columns }, (_, column) => {
      let top = 0;
      for (let at = column * each; at < Math.min((column + 1) * each, samples.length); at += 4) top = Math.max(top, Math.abs(samples[at]));
      return top / 32768;
    });
  };
  const draw = () => {
    if (!wave || wave.hidden || !peaks.length) return;
    const scale = window.devicePixelRatio || 1;
    wave.width = wave.clientWidth * scale;
    wave.height = wave.clientHeight * scale;
    const pen = wave.getContext("2d");
    const look = getComputedStyle(document.documentElement);
    const heard = audio.duration ? audio.currentTime / audio.duration : 0;
    const step = wave.width / peaks.length;
    peaks.forEach((peak, column) => {
      pen.fillStyle = look.getPropertyValue(column / peaks.length < heard ? "--lead" : "--quiet");
      const high = Math.max(2, peak * wave.height * 0.95);
      pen.fillRect(column * step, (wave.height - high) / 2, Math.max(1, step * 0.7), high);
    });
    if (heard) {
      pen.fillStyle = look.getPropertyValue("--red");
      pen.fillRect(heard * wave.width, 0, 2 * scale, wave.height);
    }
  };
  audio?.addEventListener("timeupdate", draw);
  window.addEventListener("resize", draw);
  wave?.addEventListener("click", (event) => {
    if (audio.duration) audio.currentTime = (event.offsetX / wave.clientWidth) * audio.duration;
    draw();
  });

  if (!body || body.readOnly) return;

  // --- writing: undo, blanks, pasting -------------------------------------------------------------------------
  const past = [body.value];
  let pending = 0;
  const changed = () => {
    clearTimeout(pending);
    pending = setTimeout(() => {
      if (past.at(-1) !== body.value) past.push(body.value);
      if (past.length > 200) past.shift();
    }, 400);
    soon();
  };
  body.addEventListener("input", changed);
  for (const field of form.querySelectorAll("#title, #author, #expires, #voice")) field.addEventListener("input", soon);
  document.querySelector(".blanks").hidden = false;
  document.getElementById("undo").addEventListener("click", () => {
    clearTimeout(pending);
    if (past.at(-1) === body.value && past.length > 1) past.pop();
    body.value = past.at(-1);
    body.dispatchEvent(new Event("change", { bubbles: true }));
    soon();
    body.focus();
  });
  const insert = (text) => {
    if (past.at(-1) !== body.value) past.push(body.value);
    body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
    body.focus();
    body.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const button of document.querySelectorAll("[data-insert]")) button.addEventListener("click", () => insert(button.dataset.insert));
  const tidy = (text) => text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]/g, "")
    .replace(/[\p{Extended_Pictographic}\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}\ufe0e\ufe0f\u20e3]/gu, "")
    .replace(/\[[\u4e00-\u9fa5]{1,4}\]/g, "")
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]+/g, " ")
    .replace(/([\u3400-\u9fff，。！？；：、]) +(?=[\u3400-\u9fff，。！？；：、])/g, "$1")
    .replace(/^ +| +$/gm, "")
    .replace(/\n{3,}/g, "\n\n");
  body.addEventListener("paste", (event) => {
    const given = event.clipboardData?.getData("text/plain");
    if (!given) return;
    event.preventDefault();
    const text = tidy(given);
    insert(text);
    if (text.trim() !== given.trim()) note.textContent = note.dataset.pasted;
  });

  // --- what drafts.js says ------------------------------------------------------------------------------------
  form.addEventListener("dalaba:kept", () => { if (form.dataset.kept === "yes") note.textContent = note.dataset.kept; });
})();
