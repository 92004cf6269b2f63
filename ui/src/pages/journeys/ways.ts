/* The ways people really take between touchpoints, beside what was meant. */
import type { AdherenceRow, BehindRow, Condition, Journey, PathRow, Scalar, Touchpoint } from '$/lib/api';
import { duration, number, percent } from '$/lib/format';
import { t } from '$/lib/i18n.svelte';
import { adherence, behindOf, paths, type Behind, type Common, type Question } from '$/lib/questions';
import { designOf, type Design, type Turn } from './design';

export interface Way {
  id: string;
  from: string | null;
  to: string | null;
  people: number;
  events: number;
  /* Of all visits that went on from `from`, or ended there. */
  share: number | null;
  median_s: number | null;
  p90_s: number | null;
  turn: Turn | 'begin' | 'end';
  off: boolean;
  over: Touchpoint[];
  row: BehindRow;
}
export interface Variant {
  path: string[];
  people: number;
  median_s: number | null;
  p90_s: number | null;
  row: BehindRow;
}
export interface Ways {
  question: Question;
  planned: Question;
  whole: Question;
  ways: Way[];
  variants: Variant[];
  rows: AdherenceRow[];
  people: number;
}
/* One value of a field, as an address writes it: numbers and yes or no are compared as texts. */
export interface Grouping {
  field: string;
  value: string;
  is: Scalar;
}
export interface WaysWanted {
  common: Common & { journey: string };
  group?: Grouping | null;
  version?: number | null;
  /* With the commonest whole paths. */
  complete?: boolean;
}

const within = (row: Record<string, unknown>, group: Grouping | null): boolean => !group || String(row[group.field]) === group.value;
const mark = (row: Record<string, unknown>, group: Grouping | null): BehindRow => (group ? { [group.field]: row[group.field] } : {});

// Answers are given about a touchpoint, often days later: nobody is there because of one.
const onTheMap: Condition[] = [
  { field: 'touchpoint', exists: true },
  { field: 'metric', exists: false },
];

export function waysOf(rows: readonly PathRow[], design: Design, group: Grouping | null): Way[] {
  const own = rows.filter((row) => !row.path && within(row, group));
  const leaving = new Map<string, number>();
  for (const { from, events } of own) if (from) leaving.set(from, (leaving.get(from) ?? 0) + (events ?? 0));
  return own
    .filter(({ from, to }) => (from ?? to ?? null) !== null)
    .map((row) => {
      const { from = null, to = null } = row;
      const step = from === null ? { turn: 'begin' as const, off: false, over: [] } : to === null ? { turn: 'end' as const, off: !design.finish(from), over: [] } : design.step(from, to);
      const end = { ...(row.begin ? { begin: true } : {}), ...(row.end ? { end: true } : {}) };
      return {
        id: `${from ?? ''}>${to ?? ''}`,
        from,
        to,
        people: row.people,
        events: row.events ?? row.people,
        share: from === null ? null : (row.events ?? 0) / (leaving.get(from) || 1),
        median_s: row.median_s,
        p90_s: row.p90_s,
        ...step,
        row: { ...mark(row, group), from, to, ...end },
      };
    })
    .sort((a, b) => b.people - a.people || b.events - a.events);
}

export async function readWays(journey: Journey, { common, group = null, version, complete = false }: WaysWanted, signal: AbortSignal): Promise<Ways> {
  const where = common.where ?? [];
  // A way belongs to the group of the event it begins with, a visit too: for visits that is what a condition says.
  const visits = { ...common, version, where: group ? [...where, { field: group.field, is: [group.is] }] : where };
  const asked = { ...common, version, by: group ? [group.field] : undefined, where: [...where, ...onTheMap], node: 'touchpoint', collapse: true };
  const [found, whole, rows] = await Promise.all([
    paths({ ...asked, ends: true, of: 'edges', top: 1000 }, signal),
    // Whole paths are as many as there are people: where they need more memory than a question may take, the map does without.
    complete ? paths({ ...asked, of: 'variants', top: 20 }, signal).catch(() => null) : null,
    adherence(visits, signal),
  ]);
  const ways = waysOf(found.rows, designOf(journey), group);
  return {
    question: found.question,
    planned: { ask: 'adherence', ...found.base, where: visits.where },
    ways,
    whole: whole?.question ?? found.question,
    variants: (whole?.rows ?? [])
      .filter((row) => row.path && within(row, group))
      .map((row) => ({ path: row.path!, people: row.people, median_s: row.median_s, p90_s: row.p90_s, row: { ...mark(row, group), path: row.path! } })),
    rows,
    people: ways.filter((way) => way.turn === 'begin').reduce((sum, way) => sum + way.people, 0),
  };
}

/* How often a touchpoint was reached over these ways, or begun at; of a group that only leaves it, how often it was left. */
export function turnsAt(ways: readonly Way[], id: string): { in: number; out: number } {
  const sum = (own: (way: Way) => boolean) => ways.filter(own).reduce((all, { events }) => all + events, 0);
  return { in: sum(({ to }) => to === id), out: sum(({ from }) => from === id) };
}

/* "nửa số khách trong 18 giờ, 90 % trong 2 ngày"; nothing when nobody waited. */
export const waits = ({ median_s, p90_s }: { median_s: number | null; p90_s: number | null }): string =>
  median_s === null || p90_s === null ? '' : t('ui.ways.waits', { median: duration(median_s), p90: duration(p90_s) });

export type Names = (id: string) => string;

const listed = (over: readonly Touchpoint[]): string => {
  const names = over.slice(0, 3).map(({ name }) => `“${name}”`);
  return over.length > 3 ? t('ui.ways.and_more', { names: names.join(', '), n: over.length - 3 }) : names.join(', ');
};

/* What the design says about it, in a few words. */
export function turnText(way: Way): string {
  if (way.turn === 'skip') return t('ui.ways.turn.skip', { names: listed(way.over) });
  return t(`ui.ways.turn.${way.turn}`);
}

export function sentence(way: Way, name: Names): string {
  const n = number(way.people);
  if (way.from === null) return t('ui.ways.say.begin', { n, to: name(way.to ?? '') });
  if (way.to === null) return t('ui.ways.say.end', { n, from: name(way.from), share: percent(way.share ?? 0) });
  const words = t('ui.ways.say.go', { n, from: name(way.from), to: name(way.to), share: percent(way.share ?? 0) });
  return [words, waits(way), turnText(way)].filter(Boolean).join(' · ');
}

export const titleOf = ({ from, to }: Way, name: Names): string =>
  t('ui.ways.from_to', { from: from === null ? t('ui.ways.begin') : name(from), to: to === null ? t('ui.ways.end') : name(to) });

/* `what`: reached, missed, late, never, skipped or repeated. */
export const behindVisit = (ways: Ways, row: AdherenceRow, what: string): Behind => behindOf(ways.planned, { touchpoint: row.touchpoint }, what);
export const behindPath = (ways: Ways, variant: Variant): Behind => behindOf(ways.whole, variant.row, 'path');
export const behindWay = (ways: Ways, way: Way): Behind => behindOf(ways.question, way.row, 'edge');

/* The ways that make the picture: all that at least one in fifty takes, and the commonest that leave the design. */
export function frequent(ways: readonly Way[]): Way[] {
  const begun = ways.filter((way) => way.turn === 'begin').reduce((sum, way) => sum + way.people, 0);
  const least = Math.max(2, begun / 50);
  const off = ways.filter((way) => way.off && way.to !== null && way.people > 1).slice(0, 6);
  return ways.filter((way) => way.people >= least || off.includes(way));
}
