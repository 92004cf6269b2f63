/* Benchmarks as the API has them. */
import type { Metric } from '$/lib/api';
import { signed, upTo } from '$/lib/format';

export interface Benchmark {
  id: string;
  name: string;
  metric: Metric;
  scale: string;
  question: string;
  asked: string;
  from: string;
  to: string;
  value: number;
  low: number | null;
  high: number | null;
  answers: number;
  source: string;
  url: string;
  note: string;
}

/* NPS has a sign, CSAT is a percentage, CES a mean. */
export const shown = (each: Pick<Benchmark, 'metric' | 'value'>): string =>
  each.metric === 'nps' ? signed(each.value, each.value % 1 === 0 ? 0 : 1) : each.metric === 'csat' ? `${upTo(each.value, 1)} %` : upTo(each.value, 2);

export const scales: Record<Metric, string[]> = { nps: ['0-10'], csat: ['1-5', '1-10'], ces: ['1-7'] };
