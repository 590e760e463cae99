/** What this browser remembers for the person: language, theme, navigation. Never data or secrets. */
export type StoredKey = "language" | "theme" | "nav" | "history" | "planner";

export function readStored(key: StoredKey): string | null {
  try {
    return localStorage.getItem(`leadline.${key}`);
  } catch {
    return null; // storage is closed in some private windows
  }
}

export function store(key: StoredKey, value: string): void {
  try {
    localStorage.setItem(`leadline.${key}`, value);
  } catch {
    // the choice lasts for this page only
  }
}
