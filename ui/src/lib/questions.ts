/* The questions the pages ask. */
import type { AdherenceRow, Answer, Condition, CountRow, Metric, Page, Row, ScoreRow } from './api';
import { api } from './http';
import type { Span } from './period.svelte';
import { readingVersion } from './version.svelte';

export interface Common {
  span: Span | null;
  where?: Condition[];
  journey?: string;
}

// What is asked about a journey follows the version that the page's address names, if it names one.
function base({ span, where, journey }: Common) {
  const version = journey ? readingVersion() : null;
  return { ...(span ?? {}), ...(where?.length ? { where } : {}), ...(journey ? { journey } : {}), ...(version ? { version } : {}) };
}

async function rows<R>(question: object, signal: AbortSignal): Promise<R[]> {
  return (await api.post<Answer<R>>('/ask', question, { signal })).rows;
}

export const adherence = (common: Common & { journey: string }, signal: AbortSignal): Promise<AdherenceRow[]> => rows({ ask: 'adherence', ...base(common) }, signal);

export const score = (metric: Metric, common: Common & { by?: string[]; every?: string }, signal: AbortSignal): Promise<ScoreRow[]> =>
  rows({ ask: 'score', metric, ...base(common), ...(common.by ? { by: common.by } : {}), ...(common.every ? { every: common.every } : {}) }, signal);

export const count = (common: Common & { of?: string; by?: string[]; every?: string }, signal: AbortSignal): Promise<CountRow[]> =>
  rows({ ask: 'count', ...base(common), ...(common.of ? { of: common.of } : {}), ...(common.by ? { by: common.by } : {}), ...(common.every ? { every: common.every } : {}) }, signal);

export const eventRows = (common: Common, limit: number, after: string | null, signal?: AbortSignal): Promise<Page<Row>> =>
  api.post<Page<Row>>('/rows', { ...base(common), limit, ...(after ? { after } : {}) }, { signal });

/* Only the rows in which somebody said something. */
export const voiceRows = (common: Common, limit: number, after: string | null, signal?: AbortSignal): Promise<Page<Row>> =>
  eventRows({ ...common, where: [...(common.where ?? []), { field: 'text', exists: true }] }, limit, after, signal);
