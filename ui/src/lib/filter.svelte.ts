/* The conditions a page is narrowed to, kept in its address as ?f=place~Đà Nẵng&f=channel~app. */
import type { Condition } from './api';
import { go, path, search } from './router.svelte';

export interface Filter {
  field: string;
  value: string;
}

export const filters = (): Filter[] =>
  search()
    .getAll('f')
    .map((text) => ({ field: text.slice(0, text.indexOf('~')), value: text.slice(text.indexOf('~') + 1) }))
    .filter((each) => each.field !== '');

export function conditions(list: Filter[] = filters()): Condition[] {
  const fields = new Map<string, string[]>();
  for (const { field, value } of list) fields.set(field, [...(fields.get(field) ?? []), value]);
  return [...fields].map(([field, is]) => ({ field, is }));
}

export function setFilters(list: Filter[]): void {
  const next = search();
  next.delete('f');
  for (const { field, value } of list) next.append('f', `${field}~${value}`);
  const text = next.toString();
  go(path() + (text ? `?${text}` : ''), { replace: true });
}
