/* One or several of some options, with words for those that ask for them. */
import { choice } from '../choice';
import type { Choice } from '../document';
import { options } from '../shuffle';
import { el } from '../dom';
import type { MakeMore } from './more';

export const choices: MakeMore = (kit, word) => {
  const { question } = kit;
  const many = question.type === 'multiple';
  const chosen = new Map<string, string>();
  for (const each of [kit.answer].flat()) {
    if (each && typeof each === 'object') chosen.set((each as Choice).option, (each as Choice).other ?? '');
    else if (each != null) chosen.set(String(each), '');
  }
  const all = options(question, question.options, kit.key);
  const tell = () => {
    const out = all.filter((each) => chosen.has(each.id)).map((each) => (each.other ? { option: each.id, other: chosen.get(each.id)! } : each.id));
    kit.set(many ? out : out[0]);
  };
  const group = el('div', { class: 'choices', role: many ? 'group' : 'radiogroup', 'aria-labelledby': `${kit.id}t`, 'aria-describedby': `${kit.id}e`, 'aria-required': many ? null : String(!!question.required) });
  const others: [string, HTMLInputElement][] = [];
  for (const each of all) {
    const change = (on: boolean) => {
      if (!many) chosen.clear();
      if (on) chosen.set(each.id, others.find(([id]) => id === each.id)?.[1].value ?? '');
      else chosen.delete(each.id);
      for (const [id, box] of others) box.hidden = !chosen.has(id);
      tell();
    };
    group.append(choice(`${kit.id}n`, many ? 'checkbox' : 'radio', each.id, chosen.has(each.id), change, el('span', {}, kit.say(each.label))));
    if (!each.other) continue;
    const box = el('input', { class: 'line', maxlength: 500, value: chosen.get(each.id) ?? '', hidden: !chosen.has(each.id), 'aria-label': `${kit.say(each.label)}: ${word('other')}`, placeholder: word('other'), input: () => { chosen.set(each.id, box.value); tell(); } });
    others.push([each.id, box]);
    group.append(box);
  }
  return group;
};
