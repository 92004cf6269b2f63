/* Pictures and documents: uploaded one after the other while the person goes on reading. */
import { el } from '../dom';
import type { MakeMore } from './more';

const MOST_MB = 10;

export const file: MakeMore = (kit, word) => {
  const { question, id } = kit;
  const ids: string[] = Array.isArray(kit.answer) ? [...(kit.answer as string[])] : [];
  const most = question.most || 5;
  const list = el('ul', { class: 'files' });
  const state = el('p', { class: 'help', role: 'status' });
  const input = el('input', { type: 'file', id: `${id}f`, accept: question.files?.join(',') ?? null, multiple: most > 1, 'aria-describedby': `${id}e`, change: () => void take() });
  const button = el('label', { class: 'opt add', for: `${id}f` }, word('file_add'));
  const full = () => { input.disabled = ids.length >= most; };

  function line(own: string, name: string): void {
    const item = el('li', {}, el('span', {}, name), el('button', { type: 'button', class: 'plain', 'aria-label': word('file_take', { name }), click: () => {
      ids.splice(ids.indexOf(own), 1);
      item.remove();
      kit.set([...ids]);
      full();
      input.focus();
    } }, '×'));
    list.append(item);
  }

  async function take(): Promise<void> {
    for (const each of [...(input.files ?? [])].slice(0, most - ids.length)) {
      if (each.size > MOST_MB << 20) {
        state.textContent = word('file_large', { name: each.name, most: MOST_MB });
        continue;
      }
      state.textContent = word('file_sending', { name: each.name });
      try {
        const own = await kit.upload(each);
        ids.push(own);
        line(own, each.name);
        state.textContent = '';
        kit.set([...ids]);
      } catch {
        state.textContent = word('file_failed', { name: each.name });
      }
    }
    input.value = '';
    full();
  }

  ids.forEach((own, nth) => line(own, `${nth + 1}`));
  full();
  return el('div', { class: 'upload' }, input, button, list, state);
};
