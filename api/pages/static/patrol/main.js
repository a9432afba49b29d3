// Opens the page, from what lies on the tablet; the network is asked afterwards.
import { install } from "../update.js";
import { App } from "./app.js";
import { loadWords, say } from "./words.js";

const place = (id) => document.getElementById(id);

async function open() {
  await loadWords();
  const app = await App.start({
    top: place("top"),
    banners: place("banners"),
    main: place("main"),
    actions: place("actions"),
  });
  performance.mark("ready");
  document.documentElement.dataset.ready = "yes";
  app.sender.start();
  await install({ script: "/patrol/sw.js", scope: "/patrol" }, (take) => {
    app.newer = take;
    app.draw();
  });
  await app.weigh();
}

open().catch((error) => {
  place("main").textContent = `${say("broken")} (${error.message})`;
  throw error;
});
