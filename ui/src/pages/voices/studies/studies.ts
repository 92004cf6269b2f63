/* Interview studies as the server keeps them: whom, what they said, what came of it. */
import type { Page } from '$/lib/api';
import { api } from '$/lib/http';
import type { Feedback } from '../feedback';

export const studyStates = ['planned', 'running', 'closed'] as const;
export const partStates = ['invited', 'agreed', 'interviewed', 'declined'] as const;
export interface Study {
  id: string;
  name: string;
  purpose: string;
  guide: string;
  recruit: string;
  from_date: string | null;
  to_date: string | null;
  target: number;
  status: (typeof studyStates)[number];
  people: number;
  notes: number;
  findings: number;
}
export interface Participant {
  alias?: string;
  name?: string | null;
  person?: string | null;
  state: (typeof partStates)[number];
  /* The newest word about research is yes. */
  agreed: boolean;
}
export interface Passage {
  id: string;
  note: string;
  quote?: string;
  touchpoint: string | null;
  pain: string | null;
  code: string | null;
}
export interface StudyFinding {
  id: string;
  study: string;
  title: string;
  text: string;
  touchpoint: string | null;
  pain: string | null;
  passages: string[];
  by: string;
}
const items = async <T>(path: string, signal: AbortSignal): Promise<T[]> => (await api.get<Page<T>>(path, { signal })).items;
export const readStudies = (signal: AbortSignal): Promise<Study[]> => items('/studies', signal);
export const readFindings = (signal: AbortSignal): Promise<StudyFinding[]> => items('/findings', signal);
export const readPeople = (id: string, signal: AbortSignal): Promise<Participant[]> => items(`/studies/${id}/people`, signal);
export const readNotes = (id: string, signal: AbortSignal): Promise<Feedback[]> => items(`/studies/${id}/notes`, signal);
export const readPassages = (id: string, signal: AbortSignal): Promise<Passage[]> => items(`/studies/${id}/passages`, signal);
export const readStudyFindings = (id: string, signal: AbortSignal): Promise<StudyFinding[]> => items(`/studies/${id}/findings`, signal);
