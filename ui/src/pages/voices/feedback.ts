/* Feedback as the server gives it, the filter that one inbox, its figures and the analyses share, and the words for its codes. */
import type { Page } from '$/lib/api';
import { number, upTo } from '$/lib/format';
import { api } from '$/lib/http';
import { t, tOr, type Key } from '$/lib/i18n.svelte';
import { metricName } from '$/lib/metric';
import { channelName } from '$/lib/names';
import { touchpointName } from '$/lib/places.svelte';
import { periodOf, type PeriodId } from '$/lib/period.svelte';
import { go, search } from '$/lib/router.svelte';

export const statuses = ['new', 'read', 'waiting', 'done', 'ignored'] as const;
export type Status = (typeof statuses)[number];
export const classes = ['negative', 'neutral', 'positive'] as const;
export type Class = (typeof classes)[number] | 'none';
export const emotions = ['joy', 'sadness', 'anger', 'fear', 'disgust', 'surprise', 'none'] as const;

export interface SaidTopic {
  topic: string;
  polarity: number;
}
export interface Feedback {
  id: string;
  at_ms: number;
  received_ms: number;
  person?: { id: string; name: string | null } | null;
  alias?: string | null;
  source: string;
  kind: string;
  channel: string | null;
  place: string | null;
  touchpoint: string | null;
  metric: string | null;
  question: string | null;
  version: number | null;
  survey: string | null;
  response: string | null;
  score: number | null;
  scale: string | null;
  reversed: boolean;
  text?: string | null;
  language: string | null;
  sentiment: number | null;
  class: Class | null;
  emotion: string | null;
  complaint: boolean;
  spam: boolean;
  topics: SaidTopic[] | null;
  label: string | null;
  confidence: number | null;
  status: Status;
  owner: string | null;
  product?: string;
  author?: string;
  url?: string;
}
export interface Facet {
  name: string;
  values: { value: string; n: number }[];
  none: number;
}
export interface Counts {
  n: number;
  with_text: number;
  complaints: number;
  spam: number;
  facets: Facet[];
  scores: { metric: string | null; question: string | null; scale: string | null; n: number; score: number | null; low: number | null; high: number | null; few?: boolean }[];
}
export interface Because {
  text: string;
  at: number;
  weight: number;
  what: string;
}

/* A filter by its members: what the API takes in a query, a view keeps, and the address of the inbox shows. */
export const lists = ['source', 'channel', 'place', 'touchpoint', 'metric', 'question', 'survey', 'class', 'emotion', 'topic', 'language', 'status', 'label', 'scale', 'response', 'kind', 'ids'] as const;
export const singles = ['q', 'polarity', 'complaint', 'spam', 'has_text', 'owner', 'pain', 'person', 'score_gte', 'score_lte', 'from', 'to'] as const;
export type ListName = (typeof lists)[number];
export type Filter = { [name in ListName]?: string[] } & { [name in (typeof singles)[number]]?: string };

export function filterQuery(filter: Filter, more: Record<string, string | number | null> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of [...Object.entries(filter), ...Object.entries(more)]) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== null && each !== undefined && each !== '') query.append(name, String(each));
  }
  const text = query.toString();
  return text ? `?${text}` : '';
}

/* The filter in the page's address; the period stands there by its name. */
export function addressFilter(fallback: PeriodId = 'all'): Filter {
  const now = search();
  const filter: Filter = {};
  for (const name of lists) if (now.has(name)) filter[name] = now.getAll(name);
  for (const name of singles) if (now.get(name)) filter[name] = now.get(name)!;
  const [from, last] = [now.get('from'), now.get('to')];
  if (from && last) return { ...filter, ...spanFilter(periodFrom(from, last)) };
  const id = (now.get('period') as PeriodId | null) ?? fallback;
  return { ...filter, ...spanFilter(periodOf(id).span) };
}
const periodFrom = (from: string, last: string) => ({ from, to: new Date(Date.parse(`${last}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10) });
export const spanFilter = (span: { from: string; to: string } | null): Filter => (span ? { from: span.from, to: span.to } : {});

/* Changes members of the address's filter; an empty value takes one away. */
export function setFilter(change: Record<string, string[] | string | null>): void {
  const next = search();
  next.delete('id');
  for (const [name, value] of Object.entries(change)) {
    next.delete(name);
    for (const each of Array.isArray(value) ? value : value ? [value] : []) next.append(name, each);
  }
  go(`/voices${next.size ? `?${next}` : ''}`, { replace: true });
}

/* Where a figure opens its feedback. Its span is half-open and the address's is not. */
export function inboxAddress(filter: Filter): string {
  const { from, to, ...rest } = filter;
  const last = to ? new Date(Date.parse(`${to.slice(0, 10)}T12:00:00Z`) - 86_400_000).toISOString().slice(0, 10) : undefined;
  return `/voices${filterQuery({ ...rest, ...(from && last ? { from: from.slice(0, 10), to: last } : { period: 'all' }) } as Filter)}`;
}

export const readFeedback = (filter: Filter, limit: number, after: string | null, signal?: AbortSignal): Promise<Page<Feedback>> => api.get<Page<Feedback>>(`/feedback${filterQuery(filter, { limit, after })}`, { signal });
export const readCounts = (filter: Filter, signal?: AbortSignal): Promise<Counts> => api.get<Counts>(`/feedback/counts${filterQuery(filter)}`, { signal });

/* Words. */
export const topicName = (topic: string): string => tOr(`text.topic.${topic}`, topic);
export const emotionName = (emotion: string): string => tOr(`text.emotion.${emotion}`, emotion);
export const className = (value: string): string => tOr(`text.class.${value}`, value);
export const sourceName = (source: string): string => tOr(`ui.feedback.source.${source}`, source);
export const statusName = (status: string): string => tOr(`ui.feedback.status.${status}`, status);
export function valueWord(name: string, value: string): string {
  if (name === 'topic') return topicName(value);
  if (name === 'emotion') return emotionName(value);
  if (name === 'class') return className(value);
  if (name === 'source') return sourceName(value);
  if (name === 'status') return statusName(value);
  if (name === 'channel') return channelName(value);
  if (name === 'touchpoint') return touchpointName(value);
  if (name === 'metric') return metricName(value);
  if (name === 'language') return tOr(`text.text_language.${value}`, value);
  if (name === 'polarity') return t(value === 'negative' ? 'ui.feedback.topic_bad' : 'ui.feedback.topic_good');
  return value;
}
export const memberName = (name: string): string => t(`ui.feedback.by.${name}` as Key);

/* Who said it: a name, or that nobody knows one. A browser's number is none. */
export function speaker(row: Feedback): string {
  if (row.person?.name && !row.alias?.startsWith('anon:')) return row.person.name;
  if (row.person?.name && row.alias !== `anon:${row.person.name}`) return row.person.name;
  return row.author || t(row.person ? 'ui.feedback.anonymous' : 'ui.feedback.nobody');
}

/* "7/10", "CSAT 2/5": the score with its scale. */
export function scoreWord(row: Feedback): string {
  if (row.score === null) return '';
  const top = row.scale?.split('-')[1];
  return `${row.metric ? `${metricName(row.metric)} ` : ''}${upTo(row.score)}${top ? `/${top}` : ''}`;
}
export const sentimentWord = (value: number): string => `${value > 0 ? '+' : ''}${number(value, 2)}`;
