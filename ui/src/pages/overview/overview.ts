/* What the overview reads. */
import type { Metric, ScoreRow } from '$/lib/api';
import { worstFirst, type Breakdown } from '$/lib/fields';
import { metrics } from '$/lib/metric';
import type { Period } from '$/lib/period.svelte';
import { score, type Common } from '$/lib/questions';
import { filled, stepsOf } from '$/lib/steps';

export const byFields = ['channel', 'touchpoint', 'stage', 'place'] as const;
export type By = (typeof byFields)[number];

export interface OverviewReading {
  metric: Metric;
  now: ScoreRow;
  before: ScoreRow | undefined;
  trend: ScoreRow[];
  trendBefore: ScoreRow[];
}

const nothing: ScoreRow = { n: 0, score: null, low: null, high: null };

/* The metrics that have answers in the period, most answers first. */
export async function metricsThere(common: Common, signal: AbortSignal): Promise<Metric[]> {
  const totals = await Promise.all(metrics.map(async (metric) => ({ metric, n: (await score(metric, common, signal))[0]?.n ?? 0 })));
  return totals
    .filter(({ n }) => n > 0)
    .sort((a, b) => b.n - a.n)
    .map(({ metric }) => metric);
}

export async function readOverview(metric: Metric, common: Common, period: Period, compare: boolean, signal: AbortSignal): Promise<OverviewReading> {
  const old = compare && period.before ? { ...common, span: period.before } : null;
  const [now, before, trend, trendBefore] = await Promise.all([
    score(metric, common, signal),
    old ? score(metric, old, signal) : [],
    score(metric, { ...common, every: period.every }, signal),
    old ? score(metric, { ...old, every: period.every }, signal) : [],
  ]);
  return { metric, now: now[0] ?? nothing, before: before[0], trend: filled(trend, period.span, period.every), trendBefore: old ? filled(trendBefore, old.span, period.every) : [] };
}

export async function readBy(metric: Metric, field: By, common: Common, period: Period, compare: boolean, signal: AbortSignal) {
  const [now, before, courses] = await Promise.all([
    score(metric, { ...common, by: [field] }, signal),
    compare && period.before ? score(metric, { ...common, span: period.before, by: [field] }, signal) : [],
    score(metric, { ...common, by: [field], every: period.every }, signal),
  ]);
  const value = (row: ScoreRow) => (row[field] ?? null) as string | null;
  const parts = now.filter((row) => row.n > 0).map((row) => ({ value: value(row), now: row, before: before.find((each) => value(each) === value(row)) }));
  const periods = stepsOf(period.span, period.every, courses.map((row) => row.period ?? ''));
  const course = new Map(parts.map((part) => [part.value, periods.map((each) => courses.find((row) => row.period?.slice(0, 10) === each && value(row) === part.value)?.score ?? null)]));
  const breakdown: Breakdown = { field, parts: parts.sort(worstFirst), telling: 0 };
  return { breakdown, courses: course };
}
