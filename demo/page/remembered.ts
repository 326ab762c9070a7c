import { useState } from 'react';

/** State that outlives a reload. Private windows may refuse storage; then it simply does not. */
export function useRemembered<T extends string>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => (read(key) as T | null) ?? initial);
  return [
    value,
    (next) => {
      setValue(next);
      write(key, next);
    },
  ];
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(`herald-demo:${key}`);
  } catch (_refused) {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(`herald-demo:${key}`, value);
  } catch (_refused) {
    // The choice lasts until the page is closed.
    return;
  }
}
