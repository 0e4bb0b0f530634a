// All parts of the page; gradio's components name them by their tags.

import "./cards.js";
import "./look.js";
import "./job.js";
import "./past.js";
