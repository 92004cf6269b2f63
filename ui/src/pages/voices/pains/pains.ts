/* Pain points as the server keeps them: a name, where it hurts, and the feedback that shows it. */
import type { Page } from '$/lib/api';
import { api } from '$/lib/http';
import type { Filter } from '../feedback';

export const painStates = ['new', 'confirmed', 'working', 'solved', 'dropped'] as const;
export interface Pain {
  id: string;
  name: string;
  description: string;
  touchpoint: string | null;
  status: (typeof painStates)[number];
  owner: string | null;
  /* A filter; feedback that meets it is evidence too. */
  matches: Filter | null;
  /* What it became a part of. */
  merged: string | null;
  by: string;
  evidence: number;
}
export interface Size {
  feedback: number;
  people: number;
  nobody: number;
  complaints: number;
  of: number;
  share: number | null;
  low: number | null;
  high: number | null;
  weeks: { from_ms: number; n: number; of: number; share: number | null; low: number | null; high: number | null }[];
}
export interface Pair {
  a: string;
  b: string;
  a_name: string;
  b_name: string;
  why: 'evidence' | 'words';
  share: number;
}

export const readPains = async (signal?: AbortSignal): Promise<Pain[]> => (await api.get<Page<Pain>>('/pains', { signal })).items;
/* The weeks that are over: the one that has just begun would look like an end of the pain. */
const week_ms = 7 * 86_400_000;
export const over = (weeks: Size['weeks'], now = Date.now()): Size['weeks'] => weeks.filter((week) => week.from_ms + week_ms <= now);

export async function readSize(id: string, span: { from: string; to: string } | null, signal?: AbortSignal): Promise<Size> {
  const size = await api.get<Size>(`/pains/${id}/size${span ? `?from=${span.from}&to=${span.to}` : ''}`, { signal });
  return { ...size, weeks: over(size.weeks) };
}
export const addPain = (pain: { name: string; touchpoint?: string; description?: string; matches?: unknown }): Promise<Pain> => api.post<Pain>('/pains', pain);
