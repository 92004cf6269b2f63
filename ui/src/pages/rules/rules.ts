/* Rules as the pages read and say them. */
import { clausesWord, durationWord, eventWord } from '$/pages/explore/sentence';
import type { Clause } from '$/pages/explore/question';
import type { Page } from '$/lib/api';
import { percent } from '$/lib/format';
import { api } from '$/lib/http';
import { t, tOr, type Key } from '$/lib/i18n.svelte';

export type Action =
  | { do: 'survey'; survey: string; channel?: 'email' | 'webhook'; target?: string }
  | { do: 'webhook'; target: string; purpose?: string; at_once?: boolean; text?: string }
  | { do: 'notify'; role: string; text?: string };
export interface When {
  event?: Clause[];
  alert?: string[];
  time?: { every: 'day' | 'week' | 'month'; at: string; on?: number; for?: 'people' | 'nobody' };
}
export interface Rule {
  id: string;
  name: string;
  on: boolean;
  when: When;
  if: Clause[];
  wait: string | null;
  share: number;
  hold_out: number;
  once: { per: string; in?: string } | null;
  fresh: string | null;
  then: Action[];
  since_ms: number;
  by: string;
}
export interface Send {
  id: string;
  channel: string;
  what: string;
  state: string;
  reason: string | null;
  sent_ms: number | null;
}
export interface Run {
  id: string;
  cause: string;
  event: string | null;
  person?: string | null;
  person_name?: string | null;
  outcome: string;
  at_ms: number;
  done_ms: number | null;
  sends: Send[];
}
export interface Count {
  what: string;
  reason?: string | null;
  count: number;
}
export interface Figures {
  outcomes: Count[];
  sends: Count[];
}
export interface Target {
  id: string;
  name: string;
  url: string;
  on: boolean;
  secret?: string;
  last_class: number;
  last_ms: number | null;
  failing_ms: number | null;
}
export interface Named {
  id: string;
  name: string;
}
export interface Choices {
  surveys: Named[];
  targets: Target[];
}

export const roles = ['owner', 'manager', 'analyst', 'agent', 'viewer'] as const;
export const purposes = ['survey', 'service', 'marketing', 'research', 'training'] as const;
export const everies = ['day', 'week', 'month'] as const;

export async function readChoices(signal?: AbortSignal): Promise<Choices> {
  const [surveys, targets] = await Promise.all([api.get<Page<Named>>('/surveys', { signal }), api.get<Page<Target>>('/webhook-targets', { signal })]);
  return { surveys: surveys.items, targets: targets.items };
}

const named = (list: { id: string; name: string }[] | undefined, id: string): string => list?.find((each) => each.id === id)?.name || '…';

export function whenWord(when: When): string {
  const ofKind = when.event?.some((each) => 'field' in each && each.field === 'kind' && 'is' in each);
  if (when.event) return t(when.event.length && !ofKind ? 'ui.rules.say.event_where' : 'ui.rules.say.event', { what: eventWord(when.event) });
  if (when.alert) return t('ui.rules.say.alert', { what: when.alert.map((each) => tOr(`ui.rules.alert.${each}`, each)).join(', ') });
  const time = when.time;
  return time ? t(`ui.rules.say.every_${time.every}` as Key, { at: time.at, on: String(time.on ?? 1) }) : '';
}

export function actionWord(action: Action, choices: Choices | undefined): string {
  if (action.do === 'survey') return t(action.channel === 'webhook' ? 'ui.rules.say.survey_webhook' : 'ui.rules.say.survey', { name: named(choices?.surveys, action.survey) });
  if (action.do === 'webhook') return t('ui.rules.say.webhook', { name: named(choices?.targets, action.target) });
  return t('ui.rules.say.notify', { role: tOr(`ui.role.${action.role}`, action.role) });
}

/* The whole rule as one would say it. */
export function sentence(rule: Rule, choices: Choices | undefined): string {
  const parts = [whenWord(rule.when)];
  if (rule.if?.length) parts.push(t('ui.rules.say.if', { what: clausesWord(rule.if) }));
  if (rule.wait) parts.push(t('ui.rules.say.wait', { span: durationWord(rule.wait) }));
  parts.push(t('ui.rules.say.then', { what: rule.then.map((each) => actionWord(each, choices)).join('; ') }));
  const rest: string[] = [];
  if (rule.share < 1) rest.push(t('ui.rules.say.share', { share: percent(rule.share) }));
  if (rule.hold_out > 0) rest.push(t('ui.rules.say.hold_out', { share: percent(rule.hold_out) }));
  if (rule.once) rest.push(t(rule.once.per === 'person' ? 'ui.rules.say.once_person' : 'ui.rules.say.once_prop', { name: rule.once.per.replace(/^prop:/, '') }));
  return `${parts.join(', ')}.${rest.length ? ` ${rest.join('. ')}.` : ''}`;
}

export const outcomeWord = (outcome: string): string => tOr(`ui.rules.outcome.${outcome}`, outcome);
export const stateWord = (send: { state: string; reason?: string | null }): string => {
  const state = tOr(`ui.rules.state.${send.state}`, send.state);
  return send.reason ? `${state}: ${tOr(`ui.rules.reason.${send.reason}`, send.reason)}` : state;
};
