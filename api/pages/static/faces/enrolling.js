// Enrolment: frames are judged one by one while the person sits there; the good ones are sent together and forgotten.
import { frame, open, packed } from "../kiosk/camera.js";

const JUDGE_MS = 500;
const APART_MS = 700;

const section = document.getElementById("enrol");
const element = (id) => document.getElementById(id);

if (section) prepare(section.dataset);

function prepare(said) {
  let good = [];
  let looking = false;

  element("enrol-start").addEventListener("click", async () => {
    if (looking) return;
    good = [];
    show();
    trouble("");
    try {
      await open();
    } catch {
      trouble(said.noCamera);
      return;
    }
    looking = true;
    element("enrol-start").textContent = said.again;
    tell(said.hold);
    while (looking && good.length < Number(said.most)) await judged();
    looking = false;
    if (good.length >= Number(said.fewest)) tell(said.enough, "good");
  });
  element("enrol-save").addEventListener("click", save);

  async function judged() {
    const taken = await frame();
    const answer = await call("judge", [taken]);
    if (!answer || answer.state === "refused") {
      looking = false;
      return;
    }
    if (answer.state === "good") {
      good.push(taken);
      show();
      tell(said.hold, "good");
    } else tell(answer.words);
    await new Promise((resolve) => setTimeout(resolve, answer.state === "good" ? APART_MS : JUDGE_MS));
  }

  async function save() {
    element("enrol-save").disabled = true;
    tell(said.saving);
    trouble("");
    const reason = section.querySelector("[name=reason]").value.trim();
    const answer = await call("enrol", good, { "X-Manqin-Reason": encodeURIComponent(reason) });
    if (answer?.state === "enrolled") {
      tell(answer.words, "good");
      good = [];
      setTimeout(() => location.reload(), 1800);
      return;
    }
    if (answer?.code === "face_taken") element("override").hidden = false;
    show();
    tell("", "");
  }

  async function call(path, frames, more = {}) {
    const headers = { "X-CSRF-Token": said.csrf, "Content-Type": "application/octet-stream", ...more };
    const options = { method: "POST", headers, body: packed(frames) };
    try {
      const response = await fetch(`/faces/${encodeURIComponent(said.no)}/${path}`, options);
      if (!response.headers.get("content-type")?.includes("json")) throw new Error("signed out");
      const answer = await response.json();
      if (answer.state === "refused") trouble(answer.words);
      return answer;
    } catch {
      trouble(said.signedOut);
      return null;
    }
  }

  function show() {
    section.querySelectorAll(".taken li").forEach((mark, i) => mark.classList.toggle("done", i < good.length));
    element("enrol-save").disabled = good.length < Number(said.fewest);
  }

  function tell(words, kind = "") {
    element("say").textContent = words;
    element("say").dataset.kind = kind;
  }

  function trouble(words) {
    const line = element("enrol-trouble");
    line.hidden = !words;
    line.textContent = words;
  }

  tell(said.start);
}
