/* Proposals as the API has them, and the pain points they rest on. */
import { api } from '$/lib/http';
import type { Page } from '$/lib/api';

export const states = ['draft', 'asked', 'approved', 'declined', 'done'] as const;
export type State = (typeof states)[number];

export interface Proposal {
  id: string;
  title: string;
  why: string;
  what: string;
  decision: string;
  touchpoint: string;
  department: string;
  meeting: string;
  state: State;
  note: string;
  decided_by: string;
  decided_ms: number | null;
  done_ms: number | null;
  told_ms: number | null;
  survey: string;
  pains: string[];
  by: string;
  created_ms: number;
}

export interface Pain {
  id: string;
  name: string;
  touchpoint: string | null;
  status: string;
  merged: string | null;
}

export interface Voice {
  id: string;
  text: string | null;
  at: string;
  channel: string | null;
  class: string | null;
  complaint: boolean;
  score: number | null;
  scale: string | null;
  reversed: boolean;
}

export const readProposals = async (signal: AbortSignal): Promise<Proposal[]> => (await api.get<Page<Proposal>>('/proposals', { signal })).items;
/* Those that were not merged into others. */
export const readPains = async (signal: AbortSignal): Promise<Pain[]> => (await api.get<Page<Pain>>('/pains', { signal })).items.filter((each) => !each.merged);

/* What may be sent back: the rest is the server's. */
export const input = ({ title, why, what, decision, touchpoint, department, meeting, state, note, survey, pains }: Proposal) => ({
  title, why, what, decision, touchpoint, department, meeting, state, note, survey, pains,
});

export const blank = (): Proposal => ({
  id: '', title: '', why: '', what: '', decision: '', touchpoint: '', department: '', meeting: '', state: 'draft', note: '', decided_by: '',
  decided_ms: null, done_ms: null, told_ms: null, survey: '', pains: [], by: '', created_ms: 0,
});

/* Which states may follow, in the order one would choose them. */
export const next: Record<State, State[]> = {
  draft: ['asked'],
  asked: ['approved', 'declined', 'draft'],
  approved: ['done', 'asked'],
  declined: ['asked'],
  done: ['approved'],
};
export const decides = (from: State, to: State): boolean => from !== to && ![from, to].every((each) => each === 'draft' || each === 'asked');
