// Where the data come from: the page itself, when it is a file for afterwards, or the server, again and again.
import { find } from "./dom.js";

const EVERY = 2000;
const SLOWEST = 30000;

export async function follow(show, complain) {
  const inside = find("data");
  if (inside) return show(JSON.parse(inside.textContent));
  let wait = EVERY;
  for (;;) {
    try {
      const said = await fetch("data.json", { cache: "no-cache" });
      if (!said.ok) throw new Error(`the server said ${said.status}`);
      show(await said.json());
      complain("");
      wait = EVERY;
    } catch (error) {
      wait = Math.min(wait * 2, SLOWEST);
      complain(`Not up to date: ${error.message}. Trying again.`);
    }
    await pause(wait);
  }
}

// A page that nobody looks at asks for nothing.
function pause(wait) {
  return new Promise((done) =>
    setTimeout(() => {
      if (!document.hidden) return done();
      document.addEventListener("visibilitychange", done, { once: true });
    }, wait),
  );
}
