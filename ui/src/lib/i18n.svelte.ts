/* Words in the reader's language.
 *
 * A key that is in no catalogue does not compile: `Key` is the union of the
 * keys of locales/vi.json. `{name}` in a text is replaced by the argument.
 */
import type catalogue from '../../../locales/vi.json';
import { keep, kept } from './kept';

export type Language = 'vi' | 'en';
export type Key = keyof typeof catalogue & `ui.${string}`;
export type Arguments = Record<string, string | number>;

const state = $state<{ language: Language; words: Record<string, string> }>({ language: 'vi', words: {} });

export const language = (): Language => state.language;

export function t(key: Key, values?: Arguments): string {
  const text = state.words[key] ?? key;
  return values ? text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : text;
}

/* For keys put together from what the server sent: the fallback is shown when there is no such key. */
export function tOr(key: string, fallback: string, values?: Arguments): string {
  return key in state.words ? t(key as Key, values) : fallback;
}

/* What was chosen on this device, else the first language of the browser that there is. */
export function preferred(): Language {
  const chosen = kept('language');
  if (chosen === 'vi' || chosen === 'en') return chosen;
  for (const tag of navigator.languages) {
    if (tag.startsWith('vi')) return 'vi';
    if (tag.startsWith('en')) return 'en';
  }
  return 'vi';
}

export async function speak(language: Language, remember = false): Promise<void> {
  const { default: words } = await (language === 'vi' ? import('virtual:words/vi') : import('virtual:words/en'));
  state.words = words;
  state.language = language;
  document.documentElement.lang = language;
  if (remember) keep('language', language);
}
