/* Courses over time: every group of an answer with a point for every period, those without events included. */
import { addDays, isoDay } from '$/lib/format';
import { t } from '$/lib/i18n.svelte';
import type { Span } from '$/lib/period.svelte';
import { groupKey, groupName, numberOf, type Answered, type Row } from './answers';
import { drawnMost, largest } from './asker.svelte';
import type { Every } from './question';

export interface Point {
  period: string;
  value: number | null;
  low: number | null;
  high: number | null;
  few: boolean;
  row: Row | null;
}
export interface Course {
  key: string;
  name: string;
  others: boolean;
  /* A row of the group, for its values. */
  sample: Row;
  points: Point[];
}

const two = (value: number): string => String(value).padStart(2, '0');

/* The first day of the period that a day is in. */
export function periodStart(day: string, every: Every): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  if (every === 'year') return `${year}-01-01`;
  if (every === 'quarter') return `${year}-${two(Math.floor((month - 1) / 3) * 3 + 1)}-01`;
  if (every === 'month') return `${day.slice(0, 7)}-01`;
  if (every === 'week') return addDays(day, -((new Date(`${day.slice(0, 10)}T12:00:00Z`).getUTCDay() + 6) % 7));
  return day.slice(0, 10);
}

export function periodNext(start: string, every: Every): string {
  if (every === 'hour') return new Date(Date.parse(start) + 3_600_000).toISOString();
  if (every === 'day') return addDays(start, 1);
  if (every === 'week') return addDays(start, 7);
  const months = every === 'month' ? 1 : every === 'quarter' ? 3 : 12;
  const month = Number(start.slice(5, 7)) - 1 + months;
  return `${Number(start.slice(0, 4)) + Math.floor(month / 12)}-${two((month % 12) + 1)}-01`;
}

/* The days (for hours: the moments) of a period, cut to those of the question. */
export function periodSpan(start: string, every: Every, span: Span | null): Span {
  const next = periodNext(start, every);
  if (every === 'hour') return { from: start, to: next };
  return { from: span && span.from > start ? span.from : start, to: span && span.to < next ? span.to : next };
}

const most = 1000;

/* Every period of the answer. Hours are only those with events: there may be thousands. */
export function periodsOf(known: string[], every: Every, span: Span | null): string[] {
  const sorted = [...new Set(known)].sort();
  if (every === 'hour' || !sorted.length) return sorted;
  const first = span ? periodStart(span.from, every) : sorted[0]!.slice(0, 10);
  const today = isoDay(Date.now());
  const end = span ? addDays(span.to, -1) : sorted.at(-1)!.slice(0, 10);
  const last = span && end > today ? today : end;
  const periods: string[] = [];
  for (let at = first; at <= last && periods.length < most; at = periodNext(at, every)) periods.push(at);
  return periods;
}

const keyOf = (period: string, every: Every): string => (every === 'hour' ? period : period.slice(0, 10));

export interface Courses {
  periods: string[];
  courses: Course[];
  /* Groups that are only in the table. */
  left: number;
}

export function coursesOf(answer: Answered, measure: string, span: Span | null): Courses {
  const { question, rows, others } = answer;
  const every = question.every!;
  const zero = question.ask === 'count' ? 0 : null;
  const periods = periodsOf([...rows, ...others].map((row) => keyOf(String(row.period), every)), every, span);
  const order = largest(question, rows);
  const shown = order.slice(0, drawnMost);
  const course = (key: string, name: string, own: Row[], rest: boolean): Course => {
    const by = new Map(own.map((row) => [keyOf(String(row.period), every), row]));
    const points = periods.map((period): Point => {
      const row = by.get(period) ?? null;
      return { period, value: row ? numberOf(row, measure) : zero, low: row ? numberOf(row, 'low') : null, high: row ? numberOf(row, 'high') : null, few: Boolean(row?.few), row };
    });
    return { key, name, others: rest, sample: own[0] ?? {}, points };
  };
  const courses = shown.map((key) => {
    const own = rows.filter((row) => groupKey(question, row) === key);
    return course(key, groupName(question, own[0]!), own, false);
  });
  const left = order.length - shown.length;
  if (left > 0 && others.length) courses.push(course('others', t('ui.explore.others', { n: left }), others, true));
  return { periods, courses, left };
}

/* The same for answers without periods: one figure for each group. */
export interface Bar {
  key: string;
  name: string;
  others: boolean;
  value: number | null;
  low: number | null;
  high: number | null;
  few: boolean;
  row: Row;
}
export function barsOf(answer: Answered, measure: string): { bars: Bar[]; left: number } {
  const { question, rows, others } = answer;
  const bar = (row: Row, rest: boolean, name: string): Bar => ({ key: rest ? 'others' : groupKey(question, row), name, others: rest, value: numberOf(row, measure), low: numberOf(row, 'low'), high: numberOf(row, 'high'), few: Boolean(row.few), row });
  const order = largest(question, rows);
  const shown = new Set(order.slice(0, drawnMost));
  const left = order.length - shown.size;
  const kept = rows.filter((row) => shown.has(groupKey(question, row))).map((row) => bar(row, false, groupName(question, row)));
  if (left > 0 && others[0]) kept.push(bar(others[0], true, t('ui.explore.others', { n: left })));
  return { bars: kept, left };
}
