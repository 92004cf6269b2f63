/* Where reality left the design, in sentences: those that grew clearly first, then by how many it happened to. */
import type { AdherenceRow, Journey, Touchpoint } from '$/lib/api';
import { duration, limitText, number, percent } from '$/lib/format';
import { t } from '$/lib/i18n.svelte';
import { turnText, type Names, type Way, type Ways } from './ways';

export type DeviationKind = 'never' | 'late' | 'repeated' | 'skip' | 'back';
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
  never: number;
}
export function visitsOf(row: AdherenceRow): Visits {
  const closed = row.reached - row.open;
  const done = row.next_act_rate === null ? 0 : Math.round(row.next_act_rate * closed);
  return { closed, never: row.next_act_rate === null ? 0 : Math.max(0, closed - done - row.late) };
}

type Found = Omit<Deviation, 'other' | 'more'>;

function found(journey: Journey, { rows, ways }: Ways): Found[] {
  const places = new Map(journey.touchpoints.map((each) => [each.id, each]));
  const list: Found[] = [];
  for (const row of rows) {
    const touchpoint = places.get(row.touchpoint ?? '');
    if (!touchpoint) continue;
    const { closed, never } = visitsOf(row);
    const add = (kind: DeviationKind, count: number, of: number) => list.push({ id: `${kind}:${touchpoint.id}`, kind, touchpoint, way: null, count, of });
    if (touchpoint.next_act && row.next_act_rate !== null) {
      add('never', never, closed);
      add('late', row.late, closed);
    }
    add('repeated', row.repeated, row.reached);
  }
  for (const way of ways) {
    const touchpoint = places.get(way.from ?? '');
    if (!touchpoint || (way.turn !== 'skip' && way.turn !== 'back')) continue;
    list.push({ id: `${way.turn}:${way.id}`, kind: way.turn, touchpoint, way, count: way.people, of: Math.max(way.people, Math.round(way.people / (way.share || 1))) });
  }
  return list.filter(({ count }) => count > 0);
}

/* Two shares: is the first clearly the larger one? */
function more(now: { count: number; of: number }, other: { count: number; of: number }, least: number): boolean {
  if (now.of < least || other.of < least) return false;
  const [p, q] = [now.count / now.of, other.count / other.of];
  const both = (now.count + other.count) / (now.of + other.of);
  return p - q > 1.96 * Math.sqrt(both * (1 - both) * (1 / now.of + 1 / other.of));
}

export function deviations(journey: Journey, now: Ways, before: Ways | null, least: number): Deviation[] {
  const old = new Map(before ? found(journey, before).map((each) => [each.id, each]) : []);
  const bases = new Map(before?.rows.map((row) => [row.touchpoint, row]) ?? []);
  const all = found(journey, now).map((each): Deviation => {
    const base = bases.get(each.touchpoint.id);
    const nothing = base ? { count: 0, of: each.kind === 'repeated' ? base.reached : visitsOf(base).closed } : null;
    const other = old.get(each.id) ?? nothing;
    return { ...each, other, more: other !== null && each.count >= least && more(each, other, least) };
  });
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
  const act = { act: touchpoint.next_act?.name ?? '', limit: limitText(touchpoint.next_act?.within ?? '') };
  return t(kind === 'late' ? 'ui.deviation.late' : 'ui.deviation.never', { ...values, ...act });
}

/* What to compare with, as "31 %"; null where there is nothing. */
export const otherShare = ({ other }: Deviation): string | null => (other && other.of > 0 ? percent(other.count / other.of) : null);
