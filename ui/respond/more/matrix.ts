/* Several lines with the same options: a group of radio buttons for each line, beside one another where there is room. */
import { choice } from '../choice';
import { options } from '../shuffle';
import { el } from '../dom';
import type { MakeMore } from './more';

export const matrix: MakeMore = (kit) => {
  const { question, id } = kit;
  const values: Record<string, string> = { ...(kit.answer as Record<string, string> | null) };
  const rows = options(question, question.rows, kit.key);
  const box = el('div', { class: 'matrix', role: 'group', 'aria-labelledby': `${id}t`, 'aria-describedby': `${id}e` });
  box.style.setProperty('--n', String(question.options?.length ?? 1));
  rows.forEach((row, nth) => {
    const name = el('div', { class: 'row', id: `${id}r${nth}` }, kit.say(row.label));
    const line = el('div', { class: 'cells', role: 'radiogroup', 'aria-labelledby': `${id}r${nth}`, 'aria-required': String(!!question.required) });
    for (const option of question.options ?? []) {
      line.append(choice(`${id}r${nth}`, 'radio', option.id, values[row.id] === option.id, () => {
        values[row.id] = option.id;
        kit.set({ ...values });
      }, el('span', {}, kit.say(option.label))));
    }
    box.append(name, line);
  });
  return box;
};
