/* The steps of a period: what has no answers has no row, but has its place in a chart. */
import type { CountRow, ScoreRow } from './api';
import { addDays } from './format';
import type { Period, Span } from './period.svelte';

type Every = Period['every'];

/* The first day of the step that a day is in; weeks begin on Monday. */
export function stepStart(day: string, every: Every): string {
  if (every === 'month') return `${day.slice(0, 7)}-01`;
  if (every === 'day') return day;
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

export const nextStep = (start: string, every: Every): string =>
  every === 'day' ? addDays(start, 1) : every === 'week' ? addDays(start, 7) : `${addDays(start, 32).slice(0, 7)}-01`;

const most = 400;

/* Every step from the first to the last: of the span, or of what is known where there is none. */
export function stepsOf(span: Span | null, every: Every, known: readonly string[]): string[] {
  const sorted = known.map((each) => each.slice(0, 10)).sort();
  const first = span?.from ?? sorted[0];
  const last = span ? addDays(span.to, -1) : sorted.at(-1);
  const steps: string[] = [];
  if (!first || !last) return steps;
  for (let at = stepStart(first, every); at <= last && steps.length < most; at = nextStep(at, every)) steps.push(at);
  return steps;
}

/* A row for every step; steps without answers have none to show. */
export function filled(rows: readonly ScoreRow[], span: Span | null, every: Every): ScoreRow[] {
  const by = new Map(rows.map((row) => [(row.period ?? '').slice(0, 10), row]));
  const steps = stepsOf(span, every, [...by.keys()].filter(Boolean));
  return steps.map((period) => by.get(period) ?? { period, n: 0, score: null, low: null, high: null, few: true });
}

/* The same for counts, where nothing is a number. */
export function counted(rows: readonly CountRow[], span: Span | null, every: Every): CountRow[] {
  const by = new Map(rows.map((row) => [(row.period ?? '').slice(0, 10), row]));
  return stepsOf(span, every, [...by.keys()].filter(Boolean)).map((period) => by.get(period) ?? { period, events: 0, people: 0 });
}
