/* The shapes of the API that the pages of surveys use. */
import type { Figure } from '$/lib/api';
import { api, query } from '$/lib/http';
import type { FieldProblem } from '$/lib/http';
import type { Question, Survey } from './document';

export type State = 'draft' | 'open' | 'paused' | 'closed' | 'archived';
export interface Held {
  id: string;
  state: State;
  version: number | null;
  published_ms: number | null;
  /* The draft differs from what is published. */
  draft: boolean;
  etag: string;
  document: Survey;
  last_ms?: number | null;
  problems?: FieldProblem[];
  invited?: number;
  /* Of those who were invited. */
  answered_invited: number;
}
export interface Version {
  version: number;
  published_ms: number;
  by: string | null;
  responses?: number;
  document?: Survey;
}

/* A survey without a version has the number 0 there. */
export async function readSurvey(id: string, signal?: AbortSignal): Promise<Held> {
  const held = await api.get<Held>(`/surveys/${id}`, { signal });
  return { ...held, version: held.version || null };
}
export const readVersion = (id: string, version: number, signal?: AbortSignal): Promise<Version & { document: Survey }> => api.get(`/surveys/${id}/versions/${version}`, { signal });
export const makeSurvey = (document: Survey): Promise<Held> => api.post<Held>('/surveys', { document });
export { api, query };
export type { Figure, Question };

/* One line of the list. */
export interface SurveyLine {
  id: string;
  name: string;
  state: State;
  version: number | null;
  draft: boolean;
  questions: number;
  invited: number;
  /* Of those who were invited. */
  answered_invited: number;
  started: number;
  finished: number;
  last_ms: number | null;
  score?: (Omit<Figure, 'counts'> & { metric: string; scale: string }) | null;
}
