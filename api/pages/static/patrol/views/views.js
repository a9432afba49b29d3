// Which view an address shows.
import { arrangeView } from "./arrange.js";
import { deedView } from "./deed.js";
import { lockedView } from "./locked.js";
import { moreView } from "./more.js";
import { roundView } from "./round.js";
import { todayView } from "./today.js";
import { unsentView } from "./unsent.js";
import { windowView } from "./window.js";
import { windowsView } from "./windows.js";

const VIEWS = {
  arrange: arrangeView,
  deed: deedView,
  more: moreView,
  round: roundView,
  today: todayView,
  unsent: unsentView,
  window: windowView,
};

// A view is {main, actions(), update(), tick(), leave()}; `open` tells whether it shows the hall or the way in.
export function viewAt(app, hash) {
  if (!app.snapshot) return { ...lockedView(app), open: false };
  const [name, ...rest] = hash.replace(/^#/, "").split("/");
  const view = (VIEWS[name] ?? windowsView)(app, decodeURIComponent(rest.join("/")));
  return { ...(view ?? windowsView(app)), open: true };
}
