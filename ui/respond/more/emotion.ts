/* The emotion wheel: six emotions around the one that the touchpoint is meant to bring, and how strong it was. */
import { choice } from '../choice';
import { el, svg } from '../dom';
import { named } from '../field';
import type { MakeMore } from './more';

/* Eyes and mouth of each; drawn, so that every telephone shows the same. */
const round = 'M12 2.5a9.5 9.5 0 100 19 9.5 9.5 0 000-19z';
const faces: Record<string, string> = {
  joy: 'M8.7 9v1.3M15.3 9v1.3M7.2 13.6Q12 20 16.8 13.6',
  surprise: 'M8.7 8.6v1.6M15.3 8.6v1.6M12 13.4a2.1 2.4 0 100 4.8 2.1 2.4 0 000-4.8z',
  fear: 'M7.6 8.2l2.2-.9M16.4 8.2l-2.2-.9M8.7 10v1M15.3 10v1M7.8 16.4q1.4-1.8 2.8 0t2.8 0 2.8 0',
  sadness: 'M8.7 9.6v1.2M15.3 9.6v1.2M8 17Q12 13 16 17',
  disgust: 'M7.4 9.6h2.6M14 9.6h2.6M8 16.6q2-2.6 4-.6t4-1.4',
  anger: 'M7.4 8l3 1.5M16.6 8l-3 1.5M8.9 10.6v.8M15.1 10.6v.8M8.4 16.6h7.2',
};

export const emotion: MakeMore = (kit, word) => {
  const { question, id } = kit;
  const now = { emotion: '', strength: 2, ...(kit.answer as object | null) };
  const strength = el('div', { class: 'strength', role: 'radiogroup', 'aria-label': word('strength'), hidden: !now.emotion });
  const wheel = el('div', { class: 'wheel', role: 'radiogroup', ...named(kit) });
  const add = (key: string, name: string, ...drawn: Node[]) => {
    const label = choice(`${id}n`, 'radio', key, now.emotion === key, () => {
      now.emotion = key;
      strength.hidden = false;
      kit.set({ ...now });
    }, ...drawn, el('span', {}, name));
    label.classList.add(key);
    wheel.append(label);
  };
  for (const [key, drawn] of Object.entries(faces)) add(key, word(`emotion_${key}` as 'emotion_joy'), svg(round + drawn));
  if (question.target) {
    const name = typeof question.target === 'string' ? question.target : kit.say(question.target);
    add('target', name ? name[0]!.toUpperCase() + name.slice(1) : word('target'));
  }
  for (const each of [1, 2, 3]) {
    strength.append(choice(`${id}s`, 'radio', String(each), now.strength === each, () => {
      now.strength = each;
      kit.set({ ...now });
    }, el('span', {}, word(`strength_${each}` as 'strength_1'))));
  }
  return el('div', {}, wheel, strength);
};
