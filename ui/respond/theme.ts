/* The author's accent, made readable: WCAG 2.2 asks 4.5 : 1 for text. ui/test/respond.test.mjs tries it on many colours. */

/* Luminance with an exponent of 2.2, near enough to that of WCAG for the limits below, which leave room. */
const light = (colour: number[]) => colour.reduce((sum, part, at) => sum + [0.2126, 0.7152, 0.0722][at]! * (part / 255) ** 2.2, 0);

/* The accent moved towards black on white paper, towards white on dark paper, until text of it and ink on it can be read. */
export function accent(wanted: string | null | undefined, dark: boolean): string {
  const hex = /^#[\da-f]{6}$/i.test(wanted || '') ? wanted! : '#4348a8';
  let own = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  while (dark ? light(own) < 0.27 : light(own) > 0.165) own = own.map((part) => Math.min(255, Math.round(dark ? part + (262 - part) * 0.08 : part * 0.93)));
  return `rgb(${own})`;
}

/* Does the element stand on a dark page? A page that never said it can be dark is light. */
export function isDark(element: Element): boolean {
  const scheme = getComputedStyle(element).colorScheme;
  return scheme === 'dark' || (/dark/.test(scheme) && matchMedia('(prefers-color-scheme:dark)').matches);
}

/* Sets the colours of a root; a colour that is none changes nothing. */
export function paint(root: HTMLElement, theme: { accent?: string | null; shape?: string | null } | null | undefined, dark: boolean): void {
  root.classList.toggle('dark', dark);
  root.classList.toggle('square', theme?.shape === 'square');
  root.style.colorScheme = dark ? 'dark' : 'light';
  root.style.setProperty('--accent', accent(theme?.accent, dark));
}
