// What this browser keeps between visits; where it may not keep anything, the page works all the same.
const inMemory = new Map();

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

export function keep(key, value) {
  const text = JSON.stringify(value);
  inMemory.set(key, text);
  try {
    storage()?.setItem(key, text);
    return storage() !== null;
  } catch {
    return false;
  }
}

export function recall(key, otherwise) {
  try {
    const text = storage()?.getItem(key) ?? inMemory.get(key);
    return text === null || text === undefined ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

export function forget(key) {
  inMemory.delete(key);
  try {
    storage()?.removeItem(key);
  } catch {
    return;
  }
}

export function keysBelow(prefix) {
  let stored = [];
  try {
    stored = Object.keys(storage() ?? {});
  } catch {
    stored = [];
  }
  return [...new Set([...stored, ...inMemory.keys()])].filter((key) => key.startsWith(prefix)).sort();
}
