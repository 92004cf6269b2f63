/* A question and its period between the address of the page, what is kept, and what is asked. */
import { addDays } from '$/lib/format';
import type { Period, Span } from '$/lib/period.svelte';
import type { Saved, SavedPeriod } from '$/lib/saved';
import { fromLanguage, toAddress, toLanguage, type Question } from './question';

const day = (value: unknown): string | null => (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : null);

/* The days of a question go to the period picker, which has the last day in it; moments stay in the question. */
export function splitPeriod(question: Question): { question: Question; search: Record<string, string | null> | null } {
  const [from, to] = [day(question.from), day(question.to)];
  if (!from || !to) return { question, search: null };
  const { from: _, to: __, ...rest } = question;
  return { question: rest as Question, search: { from, to: addDays(to, -1), period: null } };
}

export const ownPeriod = (question: Question): boolean => question.from !== undefined || question.to !== undefined;

/* What is kept: a period that moves along, or the days themselves. */
export function forKeeping(question: Question, period: Period): { question: Record<string, unknown>; period: SavedPeriod } {
  const language = toLanguage(question);
  if (ownPeriod(question)) return { question: language, period: '' };
  if (period.id === 'custom' && period.span) return { question: { ...language, ...period.span }, period: '' };
  return { question: language, period: period.id as SavedPeriod };
}

export function addressOf(question: Question, more: Record<string, string | null> = {}): string {
  const search = new URLSearchParams({ q: toAddress(question) });
  for (const [name, value] of Object.entries(more)) if (value) search.set(name, value);
  return `/explore/ask?${search}`;
}

export function addressOfSaved(saved: Saved): string {
  const { question, search } = splitPeriod(fromLanguage(saved.question));
  return addressOf(question, { ...(search ?? {}), ...(saved.period ? { period: saved.period } : {}), ...(saved.shown === 'table' ? { view: 'table' } : {}), saved: saved.id });
}

export const spanOf = (question: Question, period: Period): Span | null => (ownPeriod(question) ? null : period.span);
