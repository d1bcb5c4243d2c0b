// The page is put together; from here on it answers.
import { readAddress } from "./address.js";
import { showBrush } from "./brush.js";
import { showDetail } from "./detail.js";
import { find } from "./dom.js";
import { showFacets } from "./facets.js";
import { showItems } from "./items.js";
import { listenToKeys } from "./keys.js";
import { showTabs, tabNames } from "./tabs.js";
import { showToolbar } from "./toolbar.js";

// Where there is little room the filters wait until they are asked for.
if (matchMedia("(max-width: 48rem)").matches) find("controls").open = false;

showTabs();
showBrush();
showFacets();
showToolbar();
showItems();
showDetail();
listenToKeys();
readAddress(tabNames);
addEventListener("hashchange", () => readAddress(tabNames));
