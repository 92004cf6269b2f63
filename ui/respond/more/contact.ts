/* How to reach the person. Whoever asks for a purpose asks for consent too: in the words that were written for it, with a box that
 * is never ticked beforehand. Without the tick nothing of it leaves the page. */
import { el } from '../dom';
import type { MakeMore } from './more';

const kinds: Record<string, [string, string]> = { name: ['text', 'name'], email: ['email', 'email'], phone: ['tel', 'tel'] };

export const contact: MakeMore = (kit, word) => {
  const { question, id } = kit;
  const values: Record<string, string | number | boolean> = { ...(kit.answer as Record<string, string | number | boolean> | null) };
  const tell = () => kit.set(question.purpose && values.consent !== true ? null : { ...Object.fromEntries(Object.entries(values).filter((each) => each[1])), ...(question.agree ? { wording: question.agree.version } : {}) });
  const box = el('div', { class: 'contact', role: 'group', 'aria-labelledby': `${id}t`, 'aria-describedby': `${id}e` });
  for (const field of question.fields?.length ? question.fields : ['name', 'email', 'phone']) {
    const [type, autocomplete] = kinds[field] ?? ['text', 'off'];
    const input = el('input', { class: 'line', id: `${id}${field}`, type, autocomplete, maxlength: 200, value: (values[field] as string) ?? '', input: () => { values[field] = input.value.trim(); tell(); } });
    box.append(el('label', { for: `${id}${field}` }, word(field as 'name')), input);
  }
  if (question.purpose) {
    const tick = el('input', { type: 'checkbox', 'aria-describedby': `${id}why`, checked: values.consent === true, change: () => { values.consent = tick.checked; tell(); } });
    box.append(el('label', { class: 'consent' }, tick, el('span', {}, (question.agree && kit.say(question.agree.texts)) || word('consent'))), el('p', { class: 'help', id: `${id}why` }, word('consent_why')));
  }
  return box;
};
