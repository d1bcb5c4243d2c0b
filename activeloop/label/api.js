// One call of the server, and the three ways in which it can fail.
const PATIENCE = 10_000;

// The server refused: saying it again would change nothing.
export class Refused extends Error {}

// Nobody is signed in, or no longer.
export class SignedOut extends Error {}

// The server was not reached, or could not do it now: saying it again may help.
export class Unreached extends Error {}

export async function call(address, body = {}) {
  let answer;
  let told;
  try {
    answer = await fetch(`/api/${address}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
    told = await answer.json();
  } catch {
    throw new Unreached("the server cannot be reached");
  }
  if (answer.ok) return told;
  if (answer.status === 401) throw new SignedOut(told.error);
  if (answer.status === 429 || answer.status >= 500) throw new Unreached(told.error);
  throw new Refused(told.error);
}

// Tell the server something while the page is being left; nobody waits for an answer.
export function callOnLeaving(address, body) {
  navigator.sendBeacon(`/api/${address}`, new Blob([JSON.stringify(body)], { type: "application/json" }));
}
