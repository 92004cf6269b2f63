/* Small choices kept on this device (language, theme, last journey). A browser that refuses storage loses nothing else. */
export function kept(name: string): string | null {
  try {
    return localStorage.getItem(`cham.${name}`);
  } catch {
    return null;
  }
}

export function keep(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`cham.${name}`);
    else localStorage.setItem(`cham.${name}`, value);
  } catch {
    // Storage is switched off: the choice lasts until the page is closed.
  }
}
