import { el, type Child } from './dom';

/* One of a group of radio buttons or boxes: a label around an input that the style sheet hides. */
export function choice(group: string, type: 'radio' | 'checkbox', value: string | number, checked: boolean, change: (on: boolean) => void, ...inside: Child[]): HTMLLabelElement {
  const input = el('input', { type, name: group, value, checked, change: () => change(input.checked) });
  return el('label', { class: 'opt' }, input, ...inside);
}
