/* The figures of one touchpoint. */
import type { AdherenceRow, Catalogue, CountRow, Metric, ScoreRow, Touchpoint } from '$/lib/api';
import { breakdown, fieldsOf, shares, type Breakdown, type Shares } from '$/lib/fields';
import { api } from '$/lib/http';
import { metrics } from '$/lib/metric';
import type { Period } from '$/lib/period.svelte';
import { adherence, count, score, type Common } from '$/lib/questions';
import { counted, filled } from '$/lib/steps';

export interface Asked {
  common: Common & { journey: string };
  period: Period;
  compare: boolean;
}
export interface TouchpointReading {
  metric: Metric | null;
  row: AdherenceRow | undefined;
  before: AdherenceRow | undefined;
  now: ScoreRow | undefined;
  kinds: CountRow[];
  volume: CountRow[];
  trend: ScoreRow[];
  trendBefore: ScoreRow[];
}

const own = (rows: AdherenceRow[], id: string) => rows.find((row) => row.touchpoint === id);

/* The touchpoint's metric, or else the one that most answers here belong to. */
async function metricOf(touchpoint: Touchpoint, common: Common, signal: AbortSignal): Promise<Metric | null> {
  if (touchpoint.metric) return touchpoint.metric;
  const rows = await count({ ...common, by: ['metric'] }, signal);
  const known = rows.filter((row) => metrics.includes(row.metric as Metric)).sort((a, b) => b.events - a.events);
  return (known[0]?.metric as Metric | undefined) ?? null;
}

export async function readTouchpoint(touchpoint: Touchpoint, { common, period, compare }: Asked, signal: AbortSignal): Promise<TouchpointReading> {
  const before = compare && period.before ? { ...common, span: period.before } : null;
  const metric = await metricOf(touchpoint, common, signal);
  // Adherence looks at whole visits, so it is asked without the condition on the touchpoint.
  const whole = { ...common, where: (common.where ?? []).filter((each) => !('field' in each) || each.field !== 'touchpoint') };
  const [rows, old, kinds, volume, totals, trend, trendBefore] = await Promise.all([
    adherence(whole, signal),
    before ? adherence({ ...whole, span: before.span }, signal) : [],
    count({ ...common, by: ['kind'] }, signal),
    count({ ...common, every: period.every }, signal),
    metric ? score(metric, common, signal) : [],
    metric ? score(metric, { ...common, every: period.every }, signal) : [],
    metric && before ? score(metric, { ...before, every: period.every }, signal) : [],
  ]);
  return { metric, row: own(rows, touchpoint.id), before: own(old, touchpoint.id), now: totals[0], kinds, volume: counted(volume, period.span, period.every), trend: filled(trend, period.span, period.every), trendBefore: before ? filled(trendBefore, before.span, period.every) : [] };
}

const tells = <T extends { telling: number }>(list: (T | null)[]): T[] => list.filter((each) => each !== null).sort((a, b) => b.telling - a.telling);

export async function readBreakdowns(reading: TouchpointReading, { common, period, compare }: Asked, signal: AbortSignal): Promise<{ scores: Breakdown[]; shares: Shares[] }> {
  const touchpoint = common.where?.find((each) => 'field' in each && each.field === 'touchpoint');
  const id = touchpoint && 'is' in touchpoint ? String(touchpoint.is?.[0]) : '';
  const catalogue = await api.get<Catalogue>(`/catalogue?touchpoint=${encodeURIComponent(id)}`, { signal });
  const fields = fieldsOf(catalogue);
  const { metric, now } = reading;
  const whole = now?.score ?? null;
  const [scores, counts] = await Promise.all([
    metric && whole !== null ? Promise.all(fields.map((field) => breakdown(metric, field, common, compare ? period.before : null, whole, signal))) : [],
    Promise.all(fields.map((field) => shares(field, common, signal))),
  ]);
  const told = tells(scores);
  // Shares of kinds are shown where they differ by more than chance, or where nothing else tells.
  const kinds = tells(counts).filter((each) => each.telling > 1.5 || !told.length);
  return { scores: told, shares: kinds.slice(0, 6) };
}
