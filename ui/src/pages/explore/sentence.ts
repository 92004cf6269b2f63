/* The question in plain words: what somebody would say who asks a colleague. */
import { number } from '$/lib/format';
import { t, tOr, type Key } from '$/lib/i18n.svelte';
import { metricName } from '$/lib/metric';
import { fieldName, kindName, valueName } from '$/lib/names';
import type { Period } from '$/lib/period.svelte';
import { stageName, touchpointName } from '$/lib/places.svelte';
import { picked } from './event';
import { operatorOf } from './operators';
import { splitDuration, type Clause, type Question } from './question';

/* A field of a question, also those that only questions have. */
export function fieldWord(field: string): string {
  if (field.startsWith('trait:')) return t('ui.explore.field.trait', { name: field.slice(6) });
  return tOr(`ui.explore.field.${field}`, fieldName(field));
}
export function valueWord(field: string, value: unknown): string {
  if (value === null || value === undefined) return field === 'touchpoint' || field === 'stage' ? t('ui.unmapped.title') : valueName(field, value);
  if (field === 'stage') return stageName(String(value));
  if (field === 'touchpoint' || field === 'declared') return touchpointName(String(value));
  return valueName(field, value);
}

function joined(words: string[], with_: 'or' | 'and'): string {
  if (words.length < 2) return words[0] ?? '';
  const last = words.at(-1)!;
  return t(with_ === 'or' ? 'ui.say.or' : 'ui.say.and', { first: words.slice(0, -1).join(', '), last });
}
const shown = 3;
function values(field: string, list: readonly unknown[]): string {
  const words = list.slice(0, shown).map((each) => valueWord(field, each));
  if (list.length > shown) words.push(t('ui.say.more', { n: list.length - shown }));
  return joined(words, 'or');
}

export function durationWord(text: string | undefined): string {
  const parts = splitDuration(text);
  return parts ? t(`ui.say.unit.${parts.unit}` as Key, { n: number(parts.count) }) : (text ?? '');
}

export function clauseWord(clause: Clause): string {
  if ('any' in clause) return joined(clause.any.map((each) => (Array.isArray(each) ? clausesWord(each) : clauseWord(each))), 'or');
  if ('not' in clause) return t('ui.say.not', { what: clausesWord([clause.not].flat()) });
  if ('did' in clause) {
    const what = eventWord([clause.did].flat());
    const times = clause.at_least && clause.at_least > 1 ? t('ui.say.did_times', { what, n: number(clause.at_least) }) : t('ui.say.did', { what });
    return clause.in_last ? t('ui.say.did_last', { did: times, span: durationWord(clause.in_last) }) : times;
  }
  const field = lower(fieldWord(clause.field));
  const operator = operatorOf(clause);
  if (operator === null) return `${field} …`;
  if (operator === 'between') return t('ui.say.between', { field, low: String(clause.gte), high: String(clause.lte) });
  const value = clause.is ?? clause.is_not ?? clause.contains;
  return t(`ui.say.op.${operator}`, { field, value: value ? values(clause.field, value) : String(clause.gte ?? clause.gt ?? clause.lte ?? clause.lt ?? '') });
}
export const clausesWord = (list: Clause[]): string => joined(list.map(clauseWord), 'and');

/* Events by their name: “Đặt hàng xong (kênh là Web)”. */
export function eventWord(list: Clause[] | undefined): string {
  const { picks, rest } = picked(list ?? []);
  const names = picks.map((each) => (each.startsWith('kind:') ? kindName(each.slice(5)) : touchpointName(each.slice(11))));
  if (!names.length) return rest.length ? clausesWord(rest) : t('ui.say.anything');
  const name = `“${joined(names.length > shown ? [...names.slice(0, shown), t('ui.say.more', { n: names.length - shown })] : names, 'or')}”`;
  return rest.length ? `${name} (${clausesWord(rest)})` : name;
}

function head(question: Question): string {
  switch (question.ask) {
    case 'score':
      return t('ui.say.score', { metric: metricName(question.metric ?? '') });
    case 'count':
      return t((question.of ?? []).length === 1 ? (`ui.say.count.${question.of![0]}` as Key) : 'ui.say.count.all');
    case 'funnel': {
      const steps = (question.steps ?? []).filter((each) => each.length).map(eventWord);
      if (steps.length < 2) return t('ui.say.funnel_one', { what: steps[0] ?? '…' });
      const through = steps.slice(1, -1).join(', ');
      const walk = t(through ? 'ui.say.funnel_through' : 'ui.say.funnel', { first: steps[0]!, through, last: steps.at(-1)! });
      const strict = question.order === 'strict' ? t('ui.say.funnel_strict', { walk }) : walk;
      return question.within ? t('ui.say.within', { span: durationWord(question.within), what: strict }) : strict;
    }
    case 'retention': {
      const start = question.start?.length ? eventWord(question.start) : null;
      const every = t(`ui.explore.every_one.${question.every ?? 'week'}` as Key);
      const cohort = question.cohort === 'every' ? 'every' : 'first';
      const who = start ? t(`ui.say.retention.${cohort}`, { start, every }) : t(`ui.say.retention.${cohort}_any`, { every });
      const again = start ? t('ui.say.retention.again', { start }) : t('ui.say.retention.back');
      const does = question.return?.length ? t('ui.say.retention.does', { what: eventWord(question.return) }) : again;
      return t('ui.say.retention', { who, does, every });
    }
    case 'paths': {
      const n = number(question.depth ?? 5);
      if (question.start?.length && question.end?.length) return t('ui.say.paths_between', { start: eventWord(question.start), end: eventWord(question.end) });
      if (question.start?.length) return t('ui.say.paths_from', { start: eventWord(question.start), n });
      if (question.end?.length) return t('ui.say.paths_to', { end: eventWord(question.end), n });
      return t('ui.say.paths');
    }
    case 'adherence':
      return t('ui.say.adherence');
    case 'timeline':
      return t(question.person ? 'ui.say.timeline' : 'ui.say.timeline_nobody');
    case 'features':
      return t('ui.say.features');
  }
}

// In a sentence a field is a common noun; abbreviations stay as they are.
const lower = (word: string): string => (/^\p{Lu}\p{Lu}/u.test(word) ? word : word.charAt(0).toLowerCase() + word.slice(1));

/* The whole sentence; `period` is what `periodWords` says. */
export function sentence(question: Question, period: string): string {
  const parts = [head(question)];
  const where = (question.where ?? []).filter((each) => clauseWord(each));
  if (question.by?.length) parts.push(t('ui.say.by', { fields: joined(question.by.map((field) => lower(fieldWord(field))), 'and') }));
  if (question.every && question.ask !== 'retention') parts.push(t(`ui.say.every.${question.every}`));
  if (where.length) parts.push(t('ui.say.where', { what: clausesWord(where) }));
  if (question.ask !== 'timeline') parts.push(period);
  const text = `${parts.join(', ')}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/* The period as a part of a sentence: "trong 90 ngày qua". */
export function periodWords(period: Period): string {
  return period.id === 'custom' ? t('ui.say.period.custom', { period: period.label }) : t(`ui.say.period.${period.id}`);
}
