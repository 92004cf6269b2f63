/* Whether people know of what was done: what the server counts, and the survey that asks them. */
import { api } from '$/lib/http';
import { isoDay } from '$/lib/format';
import { makeSurvey } from '$/pages/surveys/api';
import type { Survey } from '$/pages/surveys/document';
import { empty } from '$/pages/surveys/templates';
import { input, type Proposal } from './proposals';

export interface Part {
  answers: number;
  knew: number;
  share: number | null;
  low: number | null;
  high: number | null;
  few: boolean;
}
export interface Awareness {
  survey: string;
  name: string;
  /* Empty: the survey asks nothing about it. */
  question: string;
  since_ms: number | null;
  before: Part;
  after: Part;
  change: number | null;
  change_low: number | null;
  change_high: number | null;
}

export const readAwareness = (proposal: string, signal: AbortSignal): Promise<Awareness> => api.get<Awareness>(`/proposals/${proposal}/awareness`, { signal });

/* Where the answers of one side stand; the border's own day is on both. */
export function resultsAddress(of: Awareness, side: 'before' | 'after'): string {
  const day = of.since_ms === null ? null : isoDay(of.since_ms);
  const span = day === null ? '' : side === 'after' ? `?period=custom&from=${day}&to=${isoDay(Date.now())}` : `?period=custom&from=2000-01-01&to=${day}`;
  return `/voices/surveys/${of.survey}/results${span}`;
}

/* Three answers, the first of which means that somebody knew, and what they think of it. */
export function awarenessSurvey(title: string): Survey {
  const said = title.trim().replace(/[.!?…]+$/, '');
  return {
    ...empty(`Nhận biết: ${title}`.slice(0, 120), ['vi', 'en']),
    title: { vi: 'Một câu hỏi ngắn', en: 'One short question' },
    questions: [
      {
        id: 'knew',
        type: 'single',
        title: { vi: `Bạn có biết chúng tôi đã thay đổi điều này không: ${said}?`, en: `Did you know that we changed this: ${said}?` },
        required: true,
        adjective: 'awareness',
        options: [
          { id: 'yes', label: { vi: 'Có, tôi đã biết', en: 'Yes, I knew' } },
          { id: 'unsure', label: { vi: 'Không chắc', en: 'Not sure' } },
          { id: 'no', label: { vi: 'Không, giờ tôi mới biết', en: 'No, this is news to me' } },
        ],
      },
      { id: 'words', type: 'text', title: { vi: 'Bạn thấy thay đổi này thế nào?', en: 'What do you think of it?' } },
    ],
  };
}

/* Makes the survey and names it in the proposal; gives its id. */
export async function measure(proposal: Proposal): Promise<string> {
  const { id } = await makeSurvey(awarenessSurvey(proposal.title));
  await api.put(`/proposals/${proposal.id}`, { ...input(proposal), survey: id });
  return id;
}
