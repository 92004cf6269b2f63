/* Light, dark, or as the device wishes. */
import { keep, kept } from './kept';

export type Theme = 'auto' | 'light' | 'dark';

const state = $state<{ theme: Theme }>({ theme: 'auto' });

export const theme = (): Theme => state.theme;

export function setTheme(next: Theme): void {
  state.theme = next;
  if (next === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  keep('theme', next === 'auto' ? null : next);
}

export function startTheme(): void {
  const chosen = kept('theme');
  setTheme(chosen === 'light' || chosen === 'dark' ? chosen : 'auto');
}
