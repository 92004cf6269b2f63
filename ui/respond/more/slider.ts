/* A slider that has no answer until it is touched: its middle is not an opinion. */
import { el } from '../dom';
import type { MakeMore } from './more';

export const slider: MakeMore = (kit, word) => {
  const { question, id } = kit;
  const [min, max, step] = [question.min ?? 0, question.max ?? 100, question.step || 1];
  const middle = min + Math.round((max - min) / 2 / step) * step;
  const given = typeof kit.answer === 'number' ? kit.answer : null;
  const shown = el('output', { for: `${id}v`, class: 'shown' }, given === null ? word('slider_none') : String(given));
  const take = () => {
    shown.textContent = range.value;
    range.classList.remove('none');
    range.removeAttribute('aria-valuetext');
    kit.set(Number(range.value));
  };
  const range = el('input', {
    id: `${id}v`, type: 'range', min, max, step, value: given ?? middle, class: given === null ? 'none' : null,
    'aria-valuetext': given === null ? word('slider_none') : null, 'aria-labelledby': `${id}t`, 'aria-describedby': `${id}e`,
    input: take, pointerup: take, keyup: (event: KeyboardEvent) => /Arrow|Page|Home|End| |Enter/.test(event.key) && event.key !== 'Tab' && take(),
  });
  const low = kit.say(question.low);
  const high = kit.say(question.high);
  return el('div', { class: 'slider' }, shown, range, el('div', { class: 'ends' }, el('span', {}, low ? `${min} · ${low}` : String(min)), el('span', {}, high ? `${max} · ${high}` : String(max))));
};
