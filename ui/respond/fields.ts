/* The questions that most widgets are made of: scales and a text. All others are in more/. */
import { choice } from './choice';
import { el, svg } from './dom';
import { named, type Make } from './field';

const star = 'M12 3l2.8 6 6.7.8-5 4.5 1.4 6.6L12 17.6l-5.9 3.3 1.4-6.6-5-4.5 6.7-.8z';

/* A face from sad to glad; the mouth says which. */
const face = (share: number) => `M12 2a10 10 0 100 20 10 10 0 000-20zM9 9v1.3M15 9v1.3M7.6 15.2Q12 ${11.4 + share * 7.6} 16.4 15.2`;

/* nps, csat and ces: numbers, stars or faces between two ends that have words. */
const scale: Make = (kit) => {
  const { question, answer, word } = kit;
  const { type, look, reversed } = question;
  const [low, high] = (question.scale || { nps: '0-10', ces: '1-7' }[type as 'nps'] || '1-5').split('-').map(Number) as [number, number];
  const stars = look === 'stars';
  const from = kit.say(question.low) || (reversed ? '' : word(`${type as 'nps'}_low`));
  const to = kit.say(question.high) || (reversed ? '' : word(`${type as 'nps'}_high`));
  const group = el('div', { class: `scale ${look} n${high - low}`, role: 'radiogroup', ...named(kit) });
  const paint = (at: unknown) => group.querySelectorAll('.opt').forEach((each, nth) => each.classList.toggle('full', stars && low + nth <= (at as number)));
  for (let at = low; at <= high; at++) {
    const drawn = stars ? svg(star) : look === 'faces' && svg(face((at - low) / (high - low)));
    const end = at === low ? from : at === high && to;
    group.append(choice(`${kit.id}n`, 'radio', at, answer === at, () => { kit.set(at); paint(at); }, drawn, el('span', { class: drawn && 'hide' }, `${at}`), el('span', { class: 'hide' }, end && ` – ${end}`)));
  }
  paint(answer);
  return el('div', {}, group, el('div', { class: 'ends', 'aria-hidden': 'true' }, el('span', {}, `${low} · ${from}`), el('span', {}, `${high} · ${to}`)));
};

const text: Make = (kit) => {
  const { question, answer } = kit;
  const values = { class: 'line', ...named(kit), maxlength: question.most || 10000, rows: 4, input: () => kit.set(box.value) };
  const box = question.long === false ? el('input', values) : el('textarea', values);
  box.value = (answer as string) ?? '';
  return box;
};

export const core: Record<string, Make | undefined> = { nps: scale, csat: scale, ces: scale, text, note: () => el('div') };
