/* The explanations of terms, read once per language from the server. */
import type { GlossaryItem, Page } from './api';
import { api } from './http';
import { language } from './i18n.svelte';

const state = $state.raw<{ by: Record<string, Promise<Map<string, GlossaryItem>>> }>({ by: {} });

export function glossary(): Promise<Map<string, GlossaryItem>> {
  const key = language();
  state.by[key] ??= api.get<Page<GlossaryItem>>('/glossary').then(
    ({ items }) => new Map(items.map((item) => [item.term, item])),
    (cause) => {
      delete state.by[key];
      throw cause;
    },
  );
  return state.by[key];
}
