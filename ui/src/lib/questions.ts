/* The questions the pages ask. */
import type { AdherenceRow, Answer, BehindPage, BehindRow, Condition, CountRow, Metric, Page, PathRow, Row, ScoreRow } from './api';
import { api } from './http';
import type { Span } from './period.svelte';
import { readingVersion } from './version.svelte';

export interface Common {
  span: Span | null;
  where?: Condition[];
  journey?: string;
}

/* A question as it is sent. */
export type Question = Record<string, unknown>;

// What is asked about a journey follows the version that the page's address names, if it names one.
function base({ span, where, journey, version = journey ? readingVersion() : null }: Common & { version?: number | null }) {
  return { ...(span ?? {}), ...(where?.length ? { where } : {}), ...(journey ? { journey } : {}), ...(version ? { version } : {}) };
}

async function rows<R>(question: object, signal: AbortSignal): Promise<R[]> {
  return (await api.post<Answer<R>>('/ask', question, { signal })).rows;
}

export const adherence = (common: Common & { journey: string; version?: number | null }, signal: AbortSignal): Promise<AdherenceRow[]> =>
  rows({ ask: 'adherence', ...base(common) }, signal);

export const score = (metric: Metric, common: Common & { by?: string[]; every?: string }, signal: AbortSignal): Promise<ScoreRow[]> =>
  rows({ ask: 'score', metric, ...base(common), ...(common.by ? { by: common.by } : {}), ...(common.every ? { every: common.every } : {}) }, signal);

export const count = (common: Common & { of?: string; by?: string[]; every?: string }, signal: AbortSignal): Promise<CountRow[]> =>
  rows({ ask: 'count', ...base(common), ...(common.of ? { of: common.of } : {}), ...(common.by ? { by: common.by } : {}), ...(common.every ? { every: common.every } : {}) }, signal);

export const eventRows = (common: Common, limit: number, after: string | null, signal?: AbortSignal): Promise<Page<Row>> =>
  api.post<Page<Row>>('/rows', { ...base(common), limit, ...(after ? { after } : {}) }, { signal });

/* Only the rows in which somebody said something. */
export const voiceRows = (common: Common, limit: number, after: string | null, signal?: AbortSignal): Promise<Page<Row>> =>
  eventRows({ ...common, where: [...(common.where ?? []), { field: 'text', exists: true }] }, limit, after, signal);

export interface PathsWanted extends Common {
  version?: number | null;
  node?: string;
  collapse?: boolean;
  ends?: boolean;
  of?: 'edges' | 'variants';
  start?: Condition | Condition[];
  end?: Condition | Condition[];
  steps?: number;
  top?: number;
  traveller?: string;
  by?: string[];
  every?: string;
}

/* Edges and variants; with the question they answer, which is what the people behind a row are asked with. */
export async function paths(wanted: PathsWanted, signal: AbortSignal): Promise<{ question: Question; base: Question; rows: PathRow[] }> {
  const { span, where, journey, version, ...own } = wanted;
  const common = base({ span, where, journey, ...(version === undefined ? {} : { version }) });
  const question = { ask: 'paths', ...common, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) };
  return { question, base: common, rows: await rows(question, signal) };
}

/* Who is behind one row of an answer: the question, what tells the row apart, and which of its people are meant. */
export interface Behind {
  question: Question;
  row: BehindRow;
  what: string;
  /* Of retention: after how many periods they came back. */
  k?: number;
}
/* The same of a figure that has an address of its own, such as a promise's. */
export interface BehindAt {
  at: string;
  body: Record<string, unknown>;
}
export const behindOf = (question: Question, row: BehindRow, what: string): Behind => ({ question, row, what });

export const behind = (asked: Behind | BehindAt, limit: number, after: string | null, signal?: AbortSignal): Promise<BehindPage> => {
  const page = { limit, ...(after ? { after } : {}) };
  return 'at' in asked ? api.post<BehindPage>(asked.at, { ...asked.body, ...page }, { signal }) : api.post<BehindPage>('/behind', { ...asked, ...page }, { signal });
};
