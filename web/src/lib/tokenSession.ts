const KEY = "leadline.signed-in";

/** Whether this browser signed in with a token, so that signing out means something. */
export function hasTokenSession(): boolean {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

export function rememberTokenSession(): void {
  try {
    localStorage.setItem(KEY, "yes");
  } catch {
    // signing out is then done by closing the browser
  }
}

export function forgetTokenSession(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // nothing was kept
  }
}
