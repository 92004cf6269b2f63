/* Promises as the server keeps them, what it says about them, and how they are read. */
import { eventWord, clausesWord, durationWord } from '$/pages/explore/sentence';
import type { Clause } from '$/pages/explore/question';
import type { Condition, Page, ScoreRow } from '$/lib/api';
import { number, percent, signed, upTo } from '$/lib/format';
import { api, query } from '$/lib/http';
import { language, t } from '$/lib/i18n.svelte';
import type { Period } from '$/lib/period.svelte';
import { showRows } from '$/lib/rows.svelte';

export type Test =
  | { kind: 'follows'; when: Condition[]; then: Condition[]; within: string }
  | { kind: 'share'; of: Condition[]; kept: Condition[] }
  | { kind: 'gap'; expected: string; experienced: string };
export type State = 'unknown' | 'kept' | 'unsure' | 'broken';

export interface Promised {
  id: string;
  text_vi: string | null;
  text_en: string | null;
  touchpoint: string | null;
  made_where: string | null;
  made_by: string | null;
  since: string | null;
  target: number;
  retired: boolean;
  test: Test;
  by: string;
}
export interface Figures {
  period: string | null;
  n: number;
  kept: number;
  broken: number;
  late: number;
  open: number;
  rate: number | null;
  low: number | null;
  high: number | null;
  few: boolean;
  gap: number | null;
  gap_low: number | null;
  gap_high: number | null;
  expected: number | null;
  experienced: number | null;
}
export interface Answered {
  whole: Figures;
  rows: Figures[];
  state: State;
  kept_where: Condition[] | null;
  broken_where: Condition[] | null;
}

export const readPromises = async (touchpoint: string | null, signal: AbortSignal): Promise<Promised[]> => (await api.get<Page<Promised>>(`/promises${query({ touchpoint })}`, { signal })).items;

export const askPromise = (id: string, period: Period, where: Condition[], signal: AbortSignal): Promise<Answered> =>
  api.post<Answered>(`/promises/${id}/ask`, { ...(period.span ?? {}), every: period.every, ...(where.length ? { where } : {}) }, { signal });

/* The words in the reader's language, else in the other one. */
export const promiseText = (promise: Promised): string => (language() === 'vi' ? promise.text_vi || promise.text_en : promise.text_en || promise.text_vi) ?? '';

/* The test in one sentence. */
export function testText(test: Test): string {
  if (test.kind === 'follows') return t('ui.promise.test.follows', { when: eventWord(test.when as Clause[]), then: eventWord(test.then as Clause[]), within: durationWord(test.within) });
  if (test.kind === 'share') return t('ui.promise.test.share', { of: eventWord(test.of as Clause[]), kept: clausesWord(test.kept as Clause[]) });
  return t('ui.promise.test.gap', { expected: test.expected, experienced: test.experienced });
}

/* A share of 100 beside its interval, for the widgets that draw scores. */
export const asScore = (figures: Figures): ScoreRow => ({
  n: figures.n,
  score: figures.rate === null ? null : figures.rate * 100,
  low: figures.low === null ? null : figures.low * 100,
  high: figures.high === null ? null : figures.high * 100,
  few: figures.few,
  ...(figures.period ? { period: figures.period } : {}),
});

export const rateText = (figures: Figures): string => (figures.rate === null ? t('ui.promise.nothing') : percent(figures.rate));
export const restsText = (figures: Figures): string =>
  figures.rate === null ? '' : t('ui.figure.rests', { range: t('ui.figure.range', { low: number((figures.low ?? 0) * 100), high: number((figures.high ?? 0) * 100) }), n: number(figures.n) });
export const gapText = (figures: Figures): string =>
  figures.gap === null ? '' : t('ui.promise.gap_of', { gap: signed(figures.gap, 2), low: signed(figures.gap_low ?? 0, 2), high: signed(figures.gap_high ?? 0, 2), expected: upTo(figures.expected ?? 0), experienced: upTo(figures.experienced ?? 0) });

export type What = 'kept' | 'broken' | 'late' | 'never' | 'open';

/* Who is behind a figure: events where conditions give them, else the people whose time ran out. */
export function openPromise(promise: Promised, answer: Answered, period: Period, where: Condition[], what: What, step?: { period: string; span: { from: string; to: string } }): void {
  const title = `${promiseText(promise)} · ${t(`ui.promise.what.${what}`)}`;
  const conditions = what === 'kept' ? answer.kept_where : answer.broken_where;
  const span = step?.span ?? period.span;
  if (conditions) return showRows({ title, span: sinceSpan(promise, span), where: conditions });
  const body = { ...(period.span ?? {}), what, ...(where.length ? { where } : {}), ...(step ? { every: period.every, period: step.period } : {}) };
  showRows({ title, span, behind: { at: `/promises/${promise.id}/behind`, body } });
}

/* What came before the promise counts neither way, so it is not among the rows either. */
function sinceSpan(promise: Promised, span: { from: string; to: string } | null): { from: string; to: string } | null {
  if (!promise.since) return span;
  if (!span) return { from: promise.since, to: '2200-01-01' };
  return { ...span, from: span.from > promise.since ? span.from : promise.since };
}
