/* How each metric is written. NPS runs from -100 to 100, CSAT is a share of 100, CES a mean of 1 to 7; high is good in all three. */
import type { Figure, Metric } from './api';
import { number, signed } from './format';
import { t, tOr } from './i18n.svelte';

export const metrics: Metric[] = ['nps', 'csat', 'ces'];
export const metricName = (metric: string): string => tOr(`ui.metric.${metric}`, metric);
export const isMetric = (metric: unknown): metric is Metric => metrics.includes(metric as Metric);

// Shares of 100: satisfaction, how often a promise was kept, how many voices a pain point has.
const isShare = (metric: string | null): boolean => metric === 'csat' || metric === 'kept' || metric === 'pain';
const digits = (metric: string | null): number => (metric === 'nps' || isShare(metric) ? 0 : 1);
const unit = (metric: string | null): string => (isShare(metric) ? '\u00a0%' : '');

export const scoreText = (metric: string | null, score: number): string => number(score, digits(metric)) + unit(metric);

/* "54–67": the interval without its unit, which stands with the score. */
export function rangeText(metric: string | null, figure: Figure): string {
  if (figure.low === null || figure.high === null) return '';
  // Between negative numbers a dash would read as one more minus.
  return t(figure.low < 0 ? 'ui.figure.range_words' : 'ui.figure.range', { low: number(figure.low, digits(metric)), high: number(figure.high, digits(metric)) });
}

export const bounds = (metric: string | null): [number, number] => (metric === 'nps' ? [-100, 100] : metric === 'ces' ? [1, 7] : [0, 100]);

export interface Change {
  by: number;
  text: string;
  /* False when the difference is within what chance alone would do. */
  clear: boolean;
  up: boolean;
}

/* Is the difference of two figures more than chance alone would make, by their intervals put together? */
export function clearly(now: Figure, other: Figure): boolean {
  const half = (figure: Figure) => ((figure.high ?? figure.score ?? 0) - (figure.low ?? figure.score ?? 0)) / 2;
  return !now.few && !other.few && Math.abs((now.score ?? 0) - (other.score ?? 0)) > Math.hypot(half(now), half(other));
}

/* The change from `before` to `now`; null when there is nothing to compare with, or too few answers before. */
export function change(metric: string | null, now: Figure, before: Figure | null | undefined): Change | null {
  if (!before || before.few || now.score === null || before.score === null) return null;
  const by = now.score - before.score;
  const clear = clearly(now, before);
  const amount = signed(Math.abs(by), digits(metric)).replace('+', '');
  const same = Number(Math.abs(by).toFixed(digits(metric))) === 0;
  const text = same ? t('ui.change.same') : by > 0 ? t('ui.change.up', { by: amount }) : t('ui.change.down', { by: amount });
  return { by, text, clear: clear && !same, up: by > 0 };
}
