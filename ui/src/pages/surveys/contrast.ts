/* How well two colours can be told apart: the contrast ratio of WCAG 2.2 (1:1 to 21:1), and a shade that is readable. */

type Colour = [number, number, number];

/* "#0b6e4f" as three numbers; null for anything else. */
export function colour(text: string): Colour | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text.trim());
  return found ? [parseInt(found[1]!, 16), parseInt(found[2]!, 16), parseInt(found[3]!, 16)] : null;
}
const text = (value: Colour): string => `#${value.map((each) => Math.round(each).toString(16).padStart(2, '0')).join('')}`;

function luminance(value: Colour): number {
  const [r, g, b] = value.map((each) => {
    const share = each / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Colour;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: string, other: string): number | null {
  const [a, b] = [colour(one), colour(other)];
  if (!a || !b) return null;
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/* Small text asks for 4.5:1 (WCAG 2.2, 1.4.3). */
export const least = 4.5;

/* The nearest shade of `accent` that can be read on `paper`; itself where it can. */
export function readable(accent: string, paper = '#ffffff'): string {
  const [start, ground] = [colour(accent), colour(paper)];
  if (!start || !ground || (contrast(accent, paper) ?? 0) >= least) return accent;
  const pole: Colour = luminance(ground) > 0.18 ? [0, 0, 0] : [255, 255, 255];
  for (let step = 1; step <= 50; step++) {
    const shade = text(start.map((each, at) => each + ((pole[at]! - each) * step) / 50) as Colour);
    if ((contrast(shade, paper) ?? 0) >= least) return shade;
  }
  return text(pole);
}
