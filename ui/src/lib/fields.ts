/* Which fields a figure can be broken down by: the few-valued ones, those that tell most apart first. */
import type { Catalogue, Condition, CountRow, Figure, Metric, ScoreRow } from './api';
import type { Span } from './period.svelte';
import { count, score, type Common } from './questions';

const most = 40;

/* Fields with at least two and not too many values. */
export function fieldsOf(catalogue: Catalogue): string[] {
  const props = catalogue.props.filter((each) => each.distinct >= 2 && each.distinct <= most && !each.value.startsWith('$') && each.value !== 'context');
  return [
    ...(catalogue.channels.length > 1 ? ['channel'] : []),
    ...(catalogue.places.length > 1 ? ['place'] : []),
    ...(catalogue.sources.length > 1 ? ['source'] : []),
    ...props
      .sort((a, b) => b.events - a.events)
      .slice(0, 12)
      .map((each) => `prop:${each.value}`),
  ];
}

export const valueCondition = (field: string, value: unknown): Condition =>
  value === null || value === undefined ? { field, exists: false } : { field, is: [value as string] };

export interface Part {
  value: string | null;
  now: ScoreRow;
  before: ScoreRow | undefined;
}
export interface Breakdown {
  field: string;
  parts: Part[];
  /* How far the most different value stands from the whole, in half intervals. */
  telling: number;
}

const few = (figure: Figure): boolean => Boolean(figure.few) || figure.score === null;
export const worstFirst = (a: Part, b: Part): number => Number(few(a.now)) - Number(few(b.now)) || (a.now.score ?? 0) - (b.now.score ?? 0);

function telling(parts: Part[], whole: number): number {
  const far = parts.filter(({ now }) => !few(now)).map(({ now }) => Math.abs((now.score ?? 0) - whole) / Math.max(0.001, ((now.high ?? 0) - (now.low ?? 0)) / 2));
  return Math.max(0, ...far);
}

/* One score by one field, worst first; null when the field tells nothing apart here. */
export async function breakdown(metric: Metric, field: string, common: Common, before: Span | null, whole: number, signal: AbortSignal): Promise<Breakdown | null> {
  const [now, old] = await Promise.all([score(metric, { ...common, by: [field] }, signal), before ? score(metric, { ...common, span: before, by: [field] }, signal) : []]);
  const known = now.filter((row) => row.n > 0);
  if (known.filter((row) => row[field] !== null).length < 2 || known.length > most) return null;
  const parts = known.map((row) => ({ value: (row[field] ?? null) as string | null, now: row, before: old.find((each) => each[field] === row[field]) }));
  return { field, parts: parts.sort(worstFirst), telling: telling(parts, whole) };
}

export interface Share {
  value: string | null;
  events: number;
  people: number;
  kinds: Map<string, number>;
}
export interface Shares {
  field: string;
  kinds: string[];
  parts: Share[];
  telling: number;
}

function spread(parts: Share[], kinds: string[]): number {
  let far = 0;
  const all = parts.reduce((sum, each) => sum + each.events, 0);
  for (const kind of kinds) {
    const share = parts.reduce((sum, each) => sum + (each.kinds.get(kind) ?? 0), 0) / all;
    for (const each of parts) {
      if (each.events < 30) continue;
      const error = Math.sqrt((share * (1 - share) + 0.001) / each.events);
      far = Math.max(far, Math.abs((each.kinds.get(kind) ?? 0) / each.events - share) / (2 * error));
    }
  }
  return far;
}

/* How often each kind of event happens, by one field; null when there is one kind or one value only. */
export async function shares(field: string, common: Common, signal: AbortSignal): Promise<Shares | null> {
  const rows: CountRow[] = await count({ ...common, by: [field, 'kind'] }, signal);
  const totals = new Map<string, number>();
  const parts = new Map<string | null, Share>();
  for (const row of rows) {
    const value = (row[field] ?? null) as string | null;
    if (value === null) continue;
    const part = parts.get(value) ?? { value, events: 0, people: 0, kinds: new Map<string, number>() };
    part.events += row.events;
    part.people = Math.max(part.people, row.people);
    part.kinds.set(String(row.kind), row.events);
    parts.set(value, part);
    totals.set(String(row.kind), (totals.get(String(row.kind)) ?? 0) + row.events);
  }
  // A field that decides which kind of event it is (the channel of a survey) tells nothing about how often it happens.
  const mixed = [...parts.values()].filter((each) => each.kinds.size > 1);
  if (parts.size < 2 || parts.size > most || (totals.size > 1 && mixed.length < 2)) return null;
  const kinds = [...totals].sort((a, b) => b[1] - a[1]).map(([kind]) => kind).slice(0, 6);
  const list = [...parts.values()].sort((a, b) => b.events - a.events);
  return { field, kinds, parts: list, telling: kinds.length > 1 ? spread(list, kinds) : 0 };
}
