/* What the server works out from feedback: drivers, forecasts, differences, the worst tenth, alerts, growing phrases. */
import type { Page } from '$/lib/api';
import { api } from '$/lib/http';
import { filterQuery, type Filter } from './feedback';

export interface Driver {
  key: string;
  importance: number;
  low: number;
  high: number;
  effect: number;
  n: number;
  few: boolean;
  good: number;
  bad: number;
  mean: number | null;
}
export interface Drivers {
  by: string;
  metric: string | null;
  question: string | null;
  scale: string | null;
  n: number;
  left_out: number;
  few: boolean;
  need: number;
  r2: number;
  r2_low: number;
  r2_high: number;
  drivers: Driver[];
  caveat: string;
}
export interface ForecastPoint {
  period: string;
  n?: number | null;
  value: number | null;
  low?: number | null;
  high?: number | null;
  low80?: number | null;
  high80?: number | null;
}
export interface Forecast {
  of: 'score' | 'count';
  every: 'day' | 'week' | 'month';
  unit: string;
  few: boolean;
  need: number;
  have: number;
  method: string | null;
  history: ForecastPoint[];
  forecast: ForecastPoint[];
  backtest: { origins: number; horizon: number; mae: number; naive_mae: number; mase: number; coverage95: number; coverage80: number; better: boolean } | null;
}
export interface PlottedPoint extends ForecastPoint {
  ahead: boolean;
  /* Rests on fewer answers than a figure needs, where most others do not. */
  few: boolean;
}
/* The past, then what comes. A score of few answers, such as that of the week in which a company began to ask, stands aside; where
   nearly all are few there is nothing better, and all are drawn alike. */
export function forecastPoints(forecast: Forecast, minimum: number): PlottedPoint[] {
  const thin = (each: ForecastPoint) => forecast.of === 'score' && each.value !== null && (each.n ?? 0) < minimum;
  const known = forecast.history.filter((each) => each.value !== null);
  const mostly = known.filter(thin).length * 2 > known.length;
  return [...forecast.history.map((each) => ({ ...each, ahead: false, few: !mostly && thin(each) })), ...forecast.forecast.map((each) => ({ ...each, ahead: true, few: false }))];
}

export interface Compared {
  first: { n: number; texts: number };
  second: { n: number; texts: number };
  rows: { what: string; key: string; first_n: number; first: number; second_n: number; second: number; delta: number; low: number; high: number; p: number; found: boolean }[];
}
export interface Demanding {
  metric: string | null;
  question: string | null;
  scale: string | null;
  rows: { touchpoint: string | null; n: number; people: number; mean: number; tenth: number; tenth_n: number; worst_below: number; gap: number; few: boolean }[];
}
export interface Alert {
  id: string;
  kind: 'spike' | 'drop' | 'drift';
  what: string;
  key: string | null;
  period: string;
  observed: number;
  expected: number;
  low: number | null;
  high: number | null;
  filter: Record<string, unknown>;
  /* When somebody put it aside. */
  seen: number | null;
}
/* The newest weeks beside four times as many before them, at least eight. */
export interface Phrases {
  since: string;
  weeks: number;
  now_texts: number;
  before_texts: number;
  rows: { phrase: string; now: number; before: number; ratio: number | null; low: number | null; high: number | null; examples: { feedback: string; text: string; at: number | string }[] }[];
}

type Wanted = Record<string, string | number | null>;
export const readDrivers = (wanted: Wanted, signal?: AbortSignal): Promise<Drivers> => api.get<Drivers>(`/analysis/drivers${filterQuery({}, wanted)}`, { signal });
export const readForecast = (wanted: Wanted, signal?: AbortSignal): Promise<Forecast> => api.get<Forecast>(`/analysis/forecast${filterQuery({}, wanted)}`, { signal });
export const readDemanding = (wanted: Wanted, signal?: AbortSignal): Promise<Demanding> => api.get<Demanding>(`/analysis/demanding${filterQuery({}, wanted)}`, { signal });
export const readPhrases = (wanted: Wanted, signal?: AbortSignal): Promise<Phrases> => api.get<Phrases>(`/phrases${filterQuery({}, wanted)}`, { signal });
export const readAlerts = (open: boolean, signal?: AbortSignal): Promise<Page<Alert>> => api.get<Page<Alert>>(`/analysis/alerts${open ? '?open=true' : ''}`, { signal });
export const compare = (first: Filter, second: Filter, signal?: AbortSignal): Promise<Compared> => api.post<Compared>('/analysis/compare', { first, second }, { signal });

/* Wilson's 95 % interval of a share (1927), as the server computes it: for counts that the pages put together. */
export function shareOf(hits: number, n: number): { value: number; low: number; high: number } | null {
  if (n <= 0) return null;
  const z = 1.959963984540054;
  const share = hits / n;
  const middle = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const whole = 1 + (z * z) / n;
  return { value: share, low: Math.max(0, Math.min(share, (middle - half) / whole)), high: Math.min(1, Math.max(share, (middle + half) / whole)) };
}
