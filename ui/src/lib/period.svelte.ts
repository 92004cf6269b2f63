/* The period a page looks at, kept in its address: ?period=30d, or ?from=2026-10-01&to=2026-10-31 (inclusive there, half-open in questions). */
import { addDays, day, daysBetween, isoDay } from './format';
import { t, type Key } from './i18n.svelte';
import { search, setSearch } from './router.svelte';
import { nextStep } from './steps';

export type PeriodId = '7d' | '30d' | '90d' | '12m' | 'all' | 'custom';
export interface Span {
  from: string;
  to: string;
}
export interface Period {
  id: PeriodId;
  /* Half-open days; none for all time. */
  span: Span | null;
  before: Span | null;
  every: 'day' | 'week' | 'month';
  label: string;
}

export const periodIds: PeriodId[] = ['7d', '30d', '90d', '12m', 'all', 'custom'];
const days: Record<string, number> = { '7d': 7, '30d': 30, '90d': 90, '12m': 365 };

function custom(asked: URLSearchParams): Span | null {
  const [from, last] = [asked.get('from'), asked.get('to')];
  const valid = (text: string | null) => text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
  return valid(from) && valid(last) && from! <= last! ? { from: from!, to: addDays(last!, 1) } : null;
}

function step(length: number): Period['every'] {
  return length <= 16 ? 'day' : length <= 140 ? 'week' : 'month';
}

/* A period by its name, counted back from today. */
export function periodOf(id: PeriodId, own: Span | null = null): Period {
  if (id === 'all') return { id, span: null, before: null, every: 'month', label: t('ui.period.all') };
  const end = addDays(isoDay(Date.now()), 1);
  const span = own ?? { from: addDays(end, -(days[id] ?? 30)), to: end };
  const length = daysBetween(span.from, span.to);
  const before = { from: addDays(span.from, -length), to: span.from };
  const label = own ? t('ui.period.between', { from: day(span.from), to: day(addDays(span.to, -1)) }) : t(`ui.period.${id}` as Key);
  return { id, span, before, every: step(length), label };
}

export function period(fallback: PeriodId = '30d'): Period {
  const asked = search();
  const own = custom(asked);
  const wanted = asked.get('period') as PeriodId | null;
  return periodOf(own ? 'custom' : wanted && (wanted in days || wanted === 'all') ? wanted : fallback, own);
}

export function choosePeriod(id: PeriodId): void {
  if (id !== 'custom') return setSearch({ period: id, from: null, to: null });
  const { span } = period();
  const to = span?.to ?? addDays(isoDay(Date.now()), 1);
  setSearch({ period: null, from: span?.from ?? addDays(to, -30), to: addDays(to, -1) });
}

/* The days of one step that begins on `from`, cut to the period. */
export function stepSpan(from: string, { every, span }: Period): Span {
  const next = nextStep(from, every);
  return { from: span && span.from > from ? span.from : from, to: span && span.to < next ? span.to : next };
}

export const spanText = (span: Span): string => t('ui.period.between', { from: day(span.from), to: day(addDays(span.to, -1)) });
export const comparing = (): boolean => search().get('compare') !== 'no';
export const setComparing = (on: boolean): void => setSearch({ compare: on ? null : 'no' });
