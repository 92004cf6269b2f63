/* A finding in words: what, where, compared with what. */
import type { Condition, Figure, Finding } from '$/lib/api';
import { number, percent } from '$/lib/format';
import { t } from '$/lib/i18n.svelte';
import { change, clearly, metricName, rangeText, scoreText } from '$/lib/metric';
import { fieldName, kindName, valueName } from '$/lib/names';

export function where(finding: Finding): string {
  const { field, value } = finding;
  if (!field || value === null) return finding.name;
  const named = valueName(field, value);
  if (field === 'place') return t('ui.finding.at_place', { name: finding.name, value: named });
  if (field === 'channel') return t('ui.finding.by_channel', { name: finding.name, value: named });
  return t('ui.finding.with', { name: finding.name, field: fieldName(field), value: named });
}

const rate = (figure: Figure): string => (figure.score === null ? '–' : percent(figure.score, figure.score < 0.1 ? 1 : 0));

export function figureText(finding: Finding): string {
  const { now, metric, kind } = finding;
  if (now.score === null) return '';
  if (kind === 'score' && metric) return t('ui.finding.score', { metric: metricName(metric), score: scoreText(metric, now.score), range: rangeText(metric, now), n: number(now.n) });
  const digits = now.score < 0.1 ? 1 : 0;
  const range = now.low !== null && now.high !== null ? t('ui.figure.range', { low: number(now.low * 100, digits), high: number(now.high * 100, digits) }) : '';
  const values = { score: rate(now), range, n: number(now.n) };
  return kind === 'next_act' ? t('ui.finding.next_act', values) : t('ui.finding.event_rate', { ...values, event: kindName(finding.event ?? '') });
}

function against(finding: Finding, other: Figure | null): string | null {
  const { now, metric, kind } = finding;
  if (!other || other.score === null || now.score === null) return null;
  if (kind === 'score') {
    const found = change(metric, now, other);
    return found && (found.clear || found.by === 0 ? found.text : `${found.text} ${t('ui.change.unsure')}`);
  }
  const by = (now.score - other.score) * 100;
  const digits = Math.abs(by) < 10 ? 1 : 0;
  if (Number(by.toFixed(digits)) === 0) return t('ui.change.same');
  const amount = number(Math.abs(by), digits);
  const text = by > 0 ? t('ui.change.up_percent', { by: amount }) : t('ui.change.down_percent', { by: amount });
  return clearly(now, other) ? text : `${text} ${t('ui.change.unsure')}`;
}

export function comparisons(finding: Finding): string[] {
  const found: string[] = [];
  // Beside a rest that is clearly other, a change within chance is noise.
  const before = finding.rest && finding.before && !clearly(finding.now, finding.before) ? null : against(finding, finding.before);
  if (before) found.push(t('ui.finding.than_before', { change: before }));
  const { rest, now, metric, kind } = finding;
  if (rest && rest.score !== null && now.score !== null) {
    const score = kind === 'score' ? scoreText(metric, rest.score) : rate(rest);
    found.push(t('ui.finding.rest', { score }));
  }
  return found;
}

/* A finding with others that tell of the same people under another name. */
export interface Told extends Finding {
  also: Finding[];
}

const sameThing = (a: Finding, b: Finding): boolean =>
  a.touchpoint === b.touchpoint && a.kind === b.kind && a.metric === b.metric && a.event === b.event && a.good === b.good && a.field !== null && b.field !== null && a.field !== b.field;
const place = ({ where, field }: Finding): Condition[] => where.filter((each) => 'field' in each && (each.field === 'touchpoint' || each.field === field));
const near = 0.9;

/* Findings at one touchpoint that cover nearly the same people (the carrier of one region is that region) become one; `count` says
 * how many people are in both. */
export async function joined(list: readonly Finding[], count: (where: Condition[]) => Promise<number>): Promise<Told[]> {
  const told: Told[] = [];
  for (const finding of list) {
    let taken = false;
    for (const other of told.filter((each) => sameThing(each, finding))) {
      const [least, most] = [Math.min(other.people, finding.people), Math.max(other.people, finding.people)];
      if (least < near * most) continue;
      const both = await count([...place(other), ...place(finding).filter((each) => 'field' in each && each.field !== 'touchpoint')]);
      if (both >= near * most) {
        other.also.push(finding);
        taken = true;
        break;
      }
    }
    if (!taken) told.push({ ...finding, also: [] });
  }
  return told;
}
export const alsoText = ({ also }: Told): string => also.map(({ field, value }) => t('ui.finding.value', { field: fieldName(field ?? ''), value: valueName(field ?? '', value) })).join(', ');

/* The first of a list, but no more than two of one touchpoint: four sides of one trouble must not hide the next. */
export function front<F extends Finding>(list: readonly F[], most: number): F[] {
  const seen = new Map<string | null, number>();
  const chosen = list.filter(({ touchpoint }) => {
    seen.set(touchpoint, (seen.get(touchpoint) ?? 0) + 1);
    return (seen.get(touchpoint) ?? 0) <= 2;
  });
  return chosen.slice(0, most);
}
