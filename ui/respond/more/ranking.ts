/* Putting in order: drag a line with finger or mouse, press its arrows, or use the arrow keys on its handle. */
import type { Option } from '../document';
import { options } from '../shuffle';
import { el, svg } from '../dom';
import type { MakeMore } from './more';

const up = 'M6 14.5l6-6 6 6';
const down = 'M6 9.5l6 6 6-6';
const grip = 'M9 6v.01M15 6v.01M9 12v.01M15 12v.01M9 18v.01M15 18v.01';

export const ranking: MakeMore = (kit, word) => {
  const { question, id } = kit;
  const before = Array.isArray(kit.answer) ? (kit.answer as string[]) : null;
  const all = question.options ?? [];
  const items = before ? before.map((each) => all.find((one) => one.id === each)).filter((each): each is Option => !!each) : [...options(question, all, kit.key)];
  const list = el('ol', { class: 'ranks', 'aria-labelledby': `${id}t`, 'aria-describedby': `${id}h ${id}e` });
  const live = el('div', { class: 'hide', 'aria-live': 'polite' });
  const keepAs = el('button', { type: 'button', class: 'plain', click: () => answer() }, word('rank_as'));
  keepAs.hidden = !!before;

  function answer(): void {
    keepAs.hidden = true;
    kit.set(items.map((each) => each.id));
  }

  function move(item: Option, to: number, focus?: string): void {
    const at = items.indexOf(item);
    if (to < 0 || to >= items.length || to === at) return;
    items.splice(at, 1);
    items.splice(to, 0, item);
    const line = lines.get(item)!;
    list.insertBefore(line, list.children[to > at ? to + 1 : to] ?? null);
    number();
    answer();
    if (focus) (line.querySelector(`.${focus}:not(:disabled)`) as HTMLElement | null ?? line.querySelector<HTMLElement>('button:not(:disabled)'))?.focus();
    live.textContent = word('rank_now', { option: kit.say(item.label), at: to + 1, of: items.length });
  }

  function number(): void {
    items.forEach((item, at) => {
      const line = lines.get(item)!;
      line.querySelector('.place')!.textContent = `${at + 1}`;
      line.querySelector<HTMLButtonElement>('.up')!.disabled = at === 0;
      line.querySelector<HTMLButtonElement>('.down')!.disabled = at === items.length - 1;
    });
  }

  /* The line under the pointer takes the place of the one that is dragged. */
  function drag(item: Option, line: HTMLElement, start: PointerEvent): void {
    start.preventDefault();
    line.setPointerCapture(start.pointerId);
    line.classList.add('held');
    const follow = (event: PointerEvent) => {
      for (const [other, each] of lines) {
        const { top, bottom } = each.getBoundingClientRect();
        const half = (top + bottom) / 2;
        const to = items.indexOf(other);
        const at = items.indexOf(item);
        if (other !== item && event.clientY > top && event.clientY < bottom && (to > at ? event.clientY > half : event.clientY < half)) return move(item, to);
      }
    };
    const drop = () => {
      line.classList.remove('held');
      line.removeEventListener('pointermove', follow);
    };
    line.addEventListener('pointermove', follow);
    line.addEventListener('lostpointercapture', drop, { once: true });
    line.addEventListener('pointercancel', drop, { once: true });
  }

  const lines = new Map<Option, HTMLLIElement>();
  for (const item of items) {
    const name = kit.say(item.label);
    const arrow = (way: 'up' | 'down', by: number) => el('button', { type: 'button', class: way, 'aria-label': word(way, { option: name }), click: () => move(item, items.indexOf(item) + by, way) }, svg(way === 'up' ? up : down));
    const handle = el('span', { class: 'grip', 'aria-hidden': 'true', pointerdown: (event: PointerEvent) => drag(item, line, event) }, svg(grip));
    const line = el('li', { keydown: (event: KeyboardEvent) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      move(item, items.indexOf(item) + by, by < 0 ? 'up' : 'down');
    } }, handle, el('span', { class: 'place', 'aria-hidden': 'true' }), el('span', { class: 'label', pointerdown: (event: PointerEvent) => event.pointerType === 'mouse' && drag(item, line, event) }, name), arrow('up', -1), arrow('down', 1));
    lines.set(item, line);
    list.append(line);
  }
  number();
  return el('div', {}, el('p', { class: 'help', id: `${id}h` }, word('rank_help')), list, keepAs, live);
};
