// Busy and offline: a form that was sent cannot be sent twice, and a page whose network is gone says so.
function busy(event) {
  const button = event.submitter;
  if (!button || event.defaultPrevented) return;
  // After this turn, so that the button's own value is still sent.
  setTimeout(() => {
    button.disabled = true;
    button.classList.add("busy");
  });
  // A download leaves the page as it is.
  setTimeout(() => {
    button.disabled = false;
    button.classList.remove("busy");
  }, 8000);
}

function restore() {
  for (const button of document.querySelectorAll("button.busy:disabled")) {
    button.disabled = false;
    button.classList.remove("busy");
  }
}

function tellOffline() {
  const bar = document.getElementById("offline");
  if (bar) bar.hidden = navigator.onLine;
}

document.addEventListener("submit", busy);
addEventListener("pageshow", restore);
addEventListener("online", tellOffline);
addEventListener("offline", tellOffline);
tellOffline();
