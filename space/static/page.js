// All parts of the page; gradio's components name them by their tags.

import "./cards.js";
import "./look.js";
import "./job.js";
import "./past.js";
import "./check.js";
import "./pairs.js";
import "./training.js";
import "./shelf.js";
import "./live.js";

// Chromium plays no AVI, and gradio calls such a video an error, in a message that covers the page. posetransfer reads
// it all the same, so the message is kept from coming and the look at the video says what is so.
document.addEventListener(
  "error",
  (event) => {
    if (!event.target.matches?.("#driving video")) return;
    event.stopImmediatePropagation();
    document.getElementById("driving").dataset.unplayable = "";
  },
  true,
);
document.addEventListener("loadeddata", (event) => {
  if (event.target.matches?.("#driving video")) delete document.getElementById("driving").dataset.unplayable;
}, true);

// gradio's record button keeps the name "start recording" while it stops; without it the text on it is its name.
document.addEventListener("click", (event) => {
  event.target.closest?.("#driving .capture-button")?.removeAttribute("aria-label");
}, true);
