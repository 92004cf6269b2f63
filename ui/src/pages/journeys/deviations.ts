/* Where reality left the design, in sentences: those that grew clearly first, then by how many it happened to. */
import type { AdherenceRow, Journey, Touchpoint } from '$/lib/api';
import { duration, limitText, number, percent } from '$/lib/format';
import { t } from '$/lib/i18n.svelte';
import { turnText, type Names, type Way, type Ways } from './ways';

export type DeviationKind = 'missed' | 'repeated' | 'skip' | 'back';
export interface Deviation {
  id: string;
  kind: DeviationKind;
  touchpoint: Touchpoint;
  way: Way | null;
  /* How often it happened, out of how many times it could have. */
  count: number;
  of: number;
  other: { count: number; of: number } | null;
  /* Clearly more often than in what it is compared with. */
  more: boolean;
}

interface Visits {
  closed: number;
  /* Late or never. */
  missed: number;
  never: number;
}
export function visitsOf(row: AdherenceRow): Visits {
  const closed = row.reached - row.open;
  const missed = row.next_act_rate === null ? 0 : closed - Math.round(row.next_act_rate * closed);
  return { closed, missed, never: Math.max(0, missed - row.late) };
}

type Found = Omit<Deviation, 'other' | 'more'>;

function found(journey: Journey, { rows, ways }: Ways): Found[] {
  const places = new Map(journey.touchpoints.map((each) => [each.id, each]));
  const list: Found[] = [];
  for (const row of rows) {
    const touchpoint = places.get(row.touchpoint ?? '');
    if (!touchpoint) continue;
    const { closed, missed } = visitsOf(row);
    const add = (kind: DeviationKind, count: number, of: number) => list.push({ id: `${kind}:${touchpoint.id}`, kind, touchpoint, way: null, count, of });
    // Whether it came in time is known of old visits and of new ones alike; old ones have had longer to come late.
    if (touchpoint.next_act && row.next_act_rate !== null) add('missed', missed, closed);
    add('repeated', row.repeated, row.reached);
  }
  for (const way of ways) {
    const touchpoint = places.get(way.from ?? '');
    if (!touchpoint || (way.turn !== 'skip' && way.turn !== 'back')) continue;
    list.push({ id: `${way.turn}:${way.id}`, kind: way.turn, touchpoint, way, count: way.people, of: Math.max(way.people, Math.round(way.people / (way.share || 1))) });
  }
  return list.filter(({ count }) => count > 0);
}

/* The chance that a standard normal value is above z, to 7.5e-8 (Abramowitz and Stegun 1964, 26.2.17). */
export function above(z: number): number {
  if (z < 0) return 1 - above(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429].reduceRight((sum, each) => (sum + each) * t, 0);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

/* How likely chance alone lets the first of two shares be larger by so much; 1 where there are too few to say. */
function byChance(now: { count: number; of: number }, other: { count: number; of: number } | null, least: number): number {
  if (!other || now.count < least || now.of < least || other.of < least) return 1;
  const [p, q] = [now.count / now.of, other.count / other.of];
  const both = (now.count + other.count) / (now.of + other.of);
  return above((p - q) / Math.sqrt(both * (1 - both) * (1 / now.of + 1 / other.of) || 1));
}

/* What grew is said of many shares at once: each has to be the clearer the more are looked at, or chance alone would name one of
 * forty (Bonferroni's bound, Dunn 1961). */
export function deviations(journey: Journey, now: Ways, before: Ways | null, least: number): Deviation[] {
  const old = new Map(before ? found(journey, before).map((each) => [each.id, each]) : []);
  const bases = new Map(before?.rows.map((row) => [row.touchpoint, row]) ?? []);
  const compared = found(journey, now).map((each) => {
    const base = bases.get(each.touchpoint.id);
    const nothing = base ? { count: 0, of: each.kind === 'repeated' ? base.reached : visitsOf(base).closed } : null;
    const other = old.get(each.id) ?? nothing;
    return { ...each, other, chance: byChance(each, other, least) };
  });
  const tests = compared.filter(({ chance }) => chance < 1).length;
  const all = compared.map(({ chance, ...each }): Deviation => ({ ...each, more: chance < 1 && chance * tests < 0.025 }));
  const excess = ({ count, of, other }: Deviation) => count - (of * (other?.count ?? 0)) / (other?.of || 1);
  return all.sort((a, b) => Number(b.more) - Number(a.more) || (a.more && b.more ? excess(b) - excess(a) : b.count - a.count) || (a.id < b.id ? -1 : 1));
}

export function deviationText({ kind, touchpoint, way, count, of }: Deviation, name: Names): string {
  const values = { n: number(count), of: number(of), share: percent(count / Math.max(1, of)), name: touchpoint.name };
  if (way) {
    const ends = { from: name(way.from ?? ''), to: name(way.to ?? '') };
    return kind === 'skip' ? t('ui.deviation.skip', { ...values, ...ends, over: turnText(way) }) : t('ui.deviation.back', { ...values, ...ends, time: way.median_s === null ? '–' : duration(way.median_s) });
  }
  if (kind === 'repeated') return t('ui.deviation.repeated', values);
  return t('ui.deviation.missed', { ...values, act: touchpoint.next_act?.name ?? '', limit: limitText(touchpoint.next_act?.within ?? '') });
}

/* What to compare with, as "31 %"; null where there is nothing. */
export const otherShare = ({ other }: Deviation): string | null => (other && other.of > 0 ? percent(other.count / other.of) : null);
