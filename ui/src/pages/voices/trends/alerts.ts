/* An alert in words: what moved, which way, where, and what it moved from. */
import { day, percent, upTo } from '$/lib/format';
import { t, tOr } from '$/lib/i18n.svelte';
import { metricName, scoreText } from '$/lib/metric';
import { touchpointName } from '$/lib/places.svelte';
import type { Alert } from '../analysis';
import { inboxAddress, topicName, type Filter } from '../feedback';

const listed = (value: unknown): string[] => [value ?? []].flat().map(String);
const isScore = (alert: Alert): boolean => alert.what === 'score';

function name(alert: Alert): string {
  if (isScore(alert)) return metricName(alert.key ?? '');
  return alert.what === 'topic' ? t('ui.alert.what.topic', { topic: topicName(alert.key ?? '') }) : tOr(`ui.alert.what.${alert.what}`, alert.what);
}

const usual: Record<string, string> = { nps: '0-10', csat: '1-5', ces: '1-7' };

/* Two alerts of one metric differ in where, and in the scale where it is another than most have: a score that names no place is that
   of everybody. */
function where(alert: Alert): string {
  const named = [...listed(alert.filter.place), ...listed(alert.filter.touchpoint).map(touchpointName)];
  const scale = listed(alert.filter.scale).filter((each) => each !== usual[alert.key ?? '']).map((each) => each.replace('-', '–'));
  return [...scale, ...(named.length || !isScore(alert) ? named : [t('ui.alert.everywhere')])].map((each) => ` · ${each}`).join('');
}

export function alertTitle(alert: Alert): string {
  const kind = alert.kind !== 'drift' ? alert.kind : alert.observed > alert.expected ? 'drift_up' : 'drift_down';
  return t(`ui.alert.kind.${kind}`, { name: name(alert) }) + where(alert);
}

/* Days are counted; what drifts is a score, or a share of what was said. */
function figure(alert: Alert, value: number): string {
  return isScore(alert) ? scoreText(alert.key, value) : alert.kind === 'drift' ? percent(value, 1) : upTo(value, 1);
}

export function alertRests(alert: Alert): string {
  const values = { day: day(alert.period), observed: figure(alert, alert.observed), expected: figure(alert, alert.expected) };
  if (alert.kind === 'drift') return t(isScore(alert) ? 'ui.alert.rests_drift' : 'ui.alert.rests_share', values);
  return alert.low === null || alert.high === null ? t('ui.alert.rests_plain', values) : t('ui.alert.rests', { ...values, low: figure(alert, alert.low), high: figure(alert, alert.high) });
}

/* The feedback that it speaks of. */
export const alertAddress = (alert: Alert): string =>
  inboxAddress(Object.fromEntries(Object.entries(alert.filter).filter(([, value]) => value !== null).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : String(value)])) as Filter);
