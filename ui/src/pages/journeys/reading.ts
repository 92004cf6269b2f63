/* Everything a map shows, read at once: the figures of each touchpoint, those of the period before, and their course. */
import type { AdherenceRow, Condition } from '$/lib/api';
import { metrics } from '$/lib/metric';
import type { Period } from '$/lib/period.svelte';
import { adherence, count, score } from '$/lib/questions';
import { stepsOf } from '$/lib/steps';

export interface Course {
  /* First days of the periods. */
  periods: string[];
  values: (number | null)[];
  of: 'score' | 'people';
}
export interface Reading {
  rows: AdherenceRow[];
  before: Map<string | null, AdherenceRow>;
  courses: Map<string | null, Course>;
}
export interface Wanted {
  id: string;
  period: Period;
  where: Condition[];
  compare: boolean;
}

export async function readMap({ id, period, where, compare }: Wanted, signal: AbortSignal): Promise<Reading> {
  const common = { span: period.span, where, journey: id };
  const trend = { ...common, by: ['touchpoint'], every: period.every };
  const [rows, before, counts, ...scores] = await Promise.all([
    adherence(common, signal),
    compare && period.before ? adherence({ ...common, span: period.before }, signal) : Promise.resolve([]),
    count(trend, signal),
    ...metrics.map((metric) => score(metric, trend, signal)),
  ]);

  const periods = stepsOf(period.span, period.every, counts.map((row) => row.period ?? ''));
  const courses = new Map<string | null, Course>();
  for (const row of rows) {
    const own = row.metric ? (scores[metrics.indexOf(row.metric)] ?? []) : [];
    const found = new Map(own.filter((each) => each.touchpoint === row.touchpoint).map((each) => [each.period?.slice(0, 10), each.score]));
    const seen = new Map(counts.filter((each) => each.touchpoint === row.touchpoint).map((each) => [each.period?.slice(0, 10), each.people]));
    const scored = found.size > 1;
    courses.set(row.touchpoint, { periods, of: scored ? 'score' : 'people', values: periods.map((each) => (scored ? (found.get(each) ?? null) : (seen.get(each) ?? 0))) });
  }
  return { rows, before: new Map(before.map((row) => [row.touchpoint, row])), courses };
}
