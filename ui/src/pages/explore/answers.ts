/* What an answer is made of: its groups, their names, the columns of its table. */
import type { Column } from '$/lib/export';
import { date, day, duration, money, month, number, percent, upTo } from '$/lib/format';
import { language, t, tOr, type Key } from '$/lib/i18n.svelte';
import { metricName, rangeText, scoreText } from '$/lib/metric';
import { channelName, kindName } from '$/lib/names';
import { touchpointName } from '$/lib/places.svelte';
import type { Every, Question } from './question';
import { eventWord, fieldWord, valueWord } from './sentence';

export type Row = Record<string, unknown>;
export interface Answered {
  /* The question as the builder holds it, and as it was asked. */
  question: Question;
  asked: Record<string, unknown>;
  rows: Row[];
  /* Of more groups than are drawn: all the others together, by a question of their own. */
  others: Row[];
  othersOf: { question: Question; asked: Record<string, unknown> } | null;
  /* Of paths: every edge with all beginnings and ends, for how often each event occurs; missing where some were left out. */
  whole?: Row[];
  next: string | null;
  as_of: number | string;
  took_ms: number;
  read?: { events: number; people: number; bytes: number; threads: number };
}

export const numberOf = (row: Row, name: string): number | null => (typeof row[name] === 'number' ? (row[name] as number) : null);
export const groupKey = (question: Question, row: Row): string => JSON.stringify([...(question.by ?? []).map((field) => row[field] ?? null), row.metric ?? null, row.scale ?? null, row.currency ?? null]);

/* The group in words: its values, and what tells it apart besides. */
export function groupName(question: Question, row: Row): string {
  const words = (question.by ?? []).map((field) => valueWord(field, row[field]));
  if (question.ask === 'score' && typeof row.scale === 'string') words.push(`${metricName(String(row.metric ?? ''))} ${row.scale}`);
  if (question.ask === 'count' && typeof row.currency === 'string') words.push(row.currency);
  return words.join(' · ') || t('ui.explore.all');
}

export function periodName(period: string, every: Every | null | undefined): string {
  switch (every) {
    case 'hour':
      return `${day(period)} ${period.slice(11, 16)}`;
    case 'month':
      return month(period);
    case 'quarter':
      return t('ui.explore.quarter', { n: Math.floor(Number(period.slice(5, 7)) / 3) + 1, year: period.slice(0, 4) });
    case 'year':
      return period.slice(0, 4);
    default:
      return day(period);
  }
}

export const metricOf = (question: Question, row?: Row): string => String(row?.metric ?? question.metric ?? '');
export const share = (value: number | null): string => (value === null ? '–' : percent(value, value !== 0 && Math.abs(value) < 0.1 ? 1 : 0));
/* An interval of shares, short: "69–75 %". */
export const shareRange = (low: number | null, high: number | null): string => {
  if (low === null || high === null) return '';
  const digits = high < 0.1 ? 1 : 0;
  return t('ui.figure.range', { low: number(low * 100, digits), high: percent(high, digits) });
};
export const seconds = (value: number | null): string => (value === null ? '–' : duration(value));
export const count = (value: number | null): string => (value === null ? '–' : number(value));

export const stepName = (question: Question, step: number): string => {
  const steps = (question.steps ?? []).filter((each) => each.length);
  const text = steps[step - 1] ? eventWord(steps[step - 1]) : String(step);
  return text.replace(/^“([^“”]*)”$/, '$1');
};

/* A node of a path, by the field that paths were asked over. */
export function nodeName(question: Question, value: unknown): string {
  const node = question.node ?? 'kind';
  return node === 'kind' && typeof value === 'string' ? kindName(value) : valueWord(node, value);
}

const groupColumns = (question: Question): Column<Row>[] => (question.by ?? []).map((field) => ({ id: `by:${field}`, label: fieldWord(field), value: (row) => (row[field] ?? null) as string | null, text: (row) => valueWord(field, row[field]) }));
const periodColumn = (question: Question): Column<Row>[] => (question.every && question.ask !== 'retention' ? [{ id: 'period', label: t('ui.chart.period'), value: (row) => String(row.period ?? ''), text: (row) => periodName(String(row.period ?? ''), question.every) }] : []);
const figure = (id: string, label: string, text: (value: number | null, row: Row) => string = count, more: Partial<Column<Row>> = {}): Column<Row> => ({ id, label, number: true, value: (row) => numberOf(row, id), text: (row) => text(numberOf(row, id), row), ...more });

function scoreColumns(question: Question, rows: Row[]): Column<Row>[] {
  const metric = (row: Row) => metricOf(question, row);
  const counts = [...new Set(rows.flatMap((row) => Object.keys((row.counts as object | undefined) ?? {})))];
  const mixed = rows.some((row) => typeof row.scale === 'string');
  return [
    ...(mixed ? [{ id: 'scale', label: t('ui.explore.column.scale'), value: (row: Row) => String(row.scale ?? ''), text: (row: Row) => `${metricName(metric(row))} ${String(row.scale ?? '')}` }] : []),
    figure('score', metricName(question.metric ?? ''), (value, row) => (value === null ? t('ui.figure.none') : scoreText(metric(row), value)), { opens: true }),
    { id: 'range', label: t('ui.chart.range'), text: (row) => rangeText(metric(row), row as never), exported: false },
    figure('low', t('ui.explore.column.low'), count, { shown: false }),
    figure('high', t('ui.explore.column.high'), count, { shown: false }),
    figure('n', 'n', (value, row) => `${count(value)}${row.few ? ` ${t('ui.figure.few')}` : ''}`),
    ...counts.map((name): Column<Row> => ({ id: `counts.${name}`, label: tOr(`ui.count.${name}`, name), number: true, minor: true, value: (row) => numberOf((row.counts ?? {}) as Row, name), text: (row) => count(numberOf((row.counts ?? {}) as Row, name)) })),
  ];
}

function countColumns(rows: Row[]): Column<Row>[] {
  const has = (name: string) => rows.some((row) => row[name] !== undefined);
  return [
    ...(has('events') ? [figure('events', t('ui.breakdown.events'), count, { opens: true })] : []),
    ...(has('people') ? [figure('people', t('ui.journey.people_title'), count, { opens: true })] : []),
    ...(has('amount') ? [figure('amount', t('ui.field.amount'), (value, row) => (value === null ? '–' : money(value, String(row.currency ?? 'VND'))), { opens: true }), { id: 'currency', label: t('ui.explore.field.currency'), value: (row: Row) => String(row.currency ?? ''), text: (row: Row) => String(row.currency ?? ''), shown: false }] : []),
  ];
}

const funnelColumns = (question: Question): Column<Row>[] => [
  { id: 'step', label: t('ui.explore.column.step'), value: (row) => numberOf(row, 'step'), text: (row) => `${String(row.step)}. ${stepName(question, Number(row.step))}` },
  { id: 'step_name', label: t('ui.explore.column.step_name'), value: (row) => stepName(question, Number(row.step)), text: () => '', shown: false },
  figure('people', t('ui.journey.people_title'), count, { opens: true }),
  figure('of_first', t('ui.explore.column.of_first'), share),
  { id: 'range', label: t('ui.chart.range'), text: (row) => (row.step === 1 ? '' : shareRange(numberOf(row, 'low'), numberOf(row, 'high'))), exported: false, minor: true },
  figure('low', t('ui.explore.column.low'), share, { shown: false }),
  figure('high', t('ui.explore.column.high'), share, { shown: false }),
  figure('of_previous', t('ui.explore.column.of_previous'), share),
  figure('median_s', t('ui.explore.column.median'), seconds),
  figure('p90_s', t('ui.explore.column.p90'), seconds, { minor: true }),
];

export const cohortName = (question: Question, row: Row): string => periodName(String(row.cohort ?? ''), question.every ?? 'week');
export const returnedOf = (row: Row): (number | null)[] => (Array.isArray(row.returned) ? (row.returned as (number | null)[]) : []);

function retentionColumns(question: Question, rows: Row[]): Column<Row>[] {
  const periods = Math.max(0, ...rows.map((row) => returnedOf(row).length));
  return [
    { id: 'cohort', label: t('ui.explore.column.cohort'), value: (row) => String(row.cohort ?? ''), text: (row) => cohortName(question, row) },
    figure('size', t('ui.explore.column.size'), count, { opens: true }),
    ...Array.from({ length: periods }, (_, k): Column<Row> => ({ id: `returned:${k}`, label: t('ui.explore.column.after', { n: k }), number: true, value: (row) => returnedOf(row)[k] ?? null, text: (row) => count(returnedOf(row)[k] ?? null), opens: true })),
  ];
}

export const isVariant = (row: Row): boolean => Array.isArray(row.path);

const edgeColumns = (question: Question, rows: Row[]): Column<Row>[] => [
  ...(rows.some((row) => row.step !== undefined) ? [figure('step', t('ui.explore.column.place'))] : []),
  { id: 'from', label: t('ui.explore.column.from'), value: (row) => (row.from ?? null) as string | null, text: (row) => (row.begin ? t('ui.explore.begins') : nodeName(question, row.from)) },
  { id: 'to', label: t('ui.explore.column.to'), value: (row) => (row.to ?? null) as string | null, text: (row) => (row.end ? t('ui.explore.ends') : nodeName(question, row.to)) },
  figure('events', t('ui.explore.column.times'), count, { opens: true }),
  figure('people', t('ui.journey.people_title')),
  figure('median_s', t('ui.explore.column.median'), seconds),
  figure('p90_s', t('ui.explore.column.p90'), seconds, { minor: true }),
];

export const variantColumns = (question: Question): Column<Row>[] => [
  ...groupColumns(question),
  { id: 'path', label: t('ui.explore.column.path'), value: (row) => (row.path as unknown[]).map((each) => nodeName(question, each)).join(' → '), text: (row) => (row.path as unknown[]).map((each) => nodeName(question, each)).join(' → ') + (row.cut ? ' …' : '') },
  figure('people', t('ui.journey.people_title'), count, { opens: true }),
  figure('median_s', t('ui.explore.column.whole_median'), seconds),
  figure('p90_s', t('ui.explore.column.p90'), seconds, { minor: true }),
];

const adherenceColumns = (): Column<Row>[] => [
  { id: 'touchpoint', label: t('ui.field.touchpoint'), value: (row) => String(row.name || row.touchpoint || ''), text: (row) => (row.touchpoint === null ? t('ui.unmapped.title') : String(row.name || row.touchpoint)) },
  figure('reached', t('ui.explore.column.visits'), count, { opens: true }),
  figure('next_act_rate', t('ui.explore.column.next_act'), share),
  { id: 'range', label: t('ui.chart.range'), text: (row) => shareRange(numberOf(row, 'next_low'), numberOf(row, 'next_high')), exported: false, minor: true },
  figure('late', t('ui.explore.column.late'), count, { opens: true }),
  figure('skipped', t('ui.explore.column.skipped'), count, { opens: true }),
  figure('repeated', t('ui.explore.column.repeated'), count, { opens: true }),
  figure('open', t('ui.explore.column.open'), count, { minor: true, opens: true }),
  figure('median_next_s', t('ui.explore.column.median'), seconds, { minor: true }),
  { id: 'metric', label: t('ui.field.metric'), value: (row) => (row.metric ?? null) as string | null, text: (row) => (numberOf(row, 'score') === null ? '' : `${metricName(String(row.metric))} ${scoreText(String(row.metric), numberOf(row, 'score')!)}`), minor: true },
  figure('score', t('ui.field.score'), count, { shown: false }),
  figure('n', 'n', count, { shown: false }),
];

const dayOf = (row: Row, name: string): string => (numberOf(row, name) === null ? '–' : date(numberOf(row, name)!));
const when = (id: string, label: string, minor = false): Column<Row> => ({ id, label, number: true, minor, value: (row) => numberOf(row, id), text: (row) => dayOf(row, id) });
const days = (value: number | null): string => (value === null ? '–' : upTo(value, 1));

const featureColumns = (): Column<Row>[] => [
  { id: 'person', label: t('ui.explore.column.person'), value: (row) => personOf(row).name || personOf(row).id, text: (row) => personOf(row).name || personOf(row).id },
  figure('events', t('ui.breakdown.events')),
  figure('answers', t('ui.explore.column.answers')),
  figure('active_days', t('ui.explore.column.active_days'), count, { minor: true }),
  figure('kinds', t('ui.explore.column.kinds'), count, { minor: true }),
  figure('channels', t('ui.explore.column.channels'), count, { minor: true }),
  figure('orders', t('ui.explore.column.orders')),
  { id: 'amounts', label: t('ui.field.amount'), number: true, value: (row) => amountsOf(row).map((each) => each.amount).at(0) ?? null, text: (row) => amountsOf(row).map((each) => money(each.amount, each.currency)).join(' + ') || '–' },
  figure('days_between_orders', t('ui.explore.column.between_orders'), days, { minor: true }),
  figure('recency_days', t('ui.explore.column.recency'), days),
  figure('tenure_days', t('ui.explore.column.tenure'), days, { minor: true }),
  when('first_ms', t('ui.explore.column.first'), true),
  when('last_ms', t('ui.explore.column.last')),
  figure('last_nps', 'NPS', days, { minor: true }),
  figure('last_csat', 'CSAT', days, { minor: true }),
  figure('last_ces', 'CES', days, { minor: true }),
];
export const personOf = (row: Row): { id: string; name: string } => (row.person as { id: string; name: string } | undefined) ?? { id: '', name: '' };
const amountsOf = (row: Row): { currency: string; amount: number }[] => (Array.isArray(row.amounts) ? (row.amounts as { currency: string; amount: number }[]) : []);

const timelineColumns = (): Column<Row>[] => [
  { id: 'at_ms', label: t('ui.explore.column.at'), value: (row) => (numberOf(row, 'at_ms') === null ? null : new Date(numberOf(row, 'at_ms')!).toISOString()), text: (row) => dayOf(row, 'at_ms') },
  ...['kind', 'channel', 'place', 'touchpoint', 'metric', 'score', 'amount', 'currency', 'text'].map((id): Column<Row> => ({ id, label: fieldWord(id), value: (row) => (row[id] ?? null) as string | number | null, text: (row) => wordOf(id, row[id]) })),
];
const wordOf = (id: string, value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (id === 'kind') return kindName(String(value));
  if (id === 'channel') return channelName(value);
  if (id === 'touchpoint') return touchpointName(String(value));
  return typeof value === 'number' ? upTo(value) : String(value);
};

/* The columns of an answer's table: what is shown, what is exported, what opens the rows behind it. */
export function columnsOf(question: Question, rows: Row[]): Column<Row>[] {
  void language();
  const first = [...groupColumns(question), ...periodColumn(question)];
  const own: Record<Question['ask'], () => Column<Row>[]> = {
    score: () => scoreColumns(question, rows),
    count: () => countColumns(rows),
    funnel: () => funnelColumns(question),
    retention: () => retentionColumns(question, rows),
    paths: () => edgeColumns(question, rows),
    adherence: adherenceColumns,
    timeline: timelineColumns,
    features: featureColumns,
  };
  if (question.ask === 'timeline' || question.ask === 'features') return own[question.ask]();
  return [...first, ...own[question.ask]()];
}

export const kindTitle = (kind: Question['ask']): string => t(`ui.explore.kind.${kind}` as Key);
