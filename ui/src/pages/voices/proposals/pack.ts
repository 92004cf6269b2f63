/* What a meeting pack reads: scores beside the period before, the largest pain points with quotes, decisions asked for and made. */
import type { Metric, Page, ScoreRow } from '$/lib/api';
import { api } from '$/lib/http';
import { fold } from '$/lib/fold';
import { metrics } from '$/lib/metric';
import type { Period } from '$/lib/period.svelte';
import { score } from '$/lib/questions';
import { readPains, readProposals, type Pain, type Proposal, type Voice } from './proposals';

const pains_most = 5;
const voices_most = 3;
const voices_read = 100;
const decided_most = 12;

export interface PainShown {
  pain: Pain;
  feedback: number;
  people: number;
  voices: Voice[];
}
export interface Pack {
  scores: { metric: Metric; now: ScoreRow; before: ScoreRow | undefined }[];
  pains: PainShown[];
  asked: Proposal[];
  decided: Proposal[];
}

async function readScores(period: Period, signal: AbortSignal): Promise<Pack['scores']> {
  const all = await Promise.all(
    metrics.map(async (metric) => {
      const now = (await score(metric, { span: period.span }, signal))[0];
      const before = period.before ? (await score(metric, { span: period.before }, signal))[0] : undefined;
      return now && now.n > 0 ? [{ metric, now, before }] : [];
    }),
  );
  return all.flat();
}

/* How good a score is, 0 to 1; between the two where there is none. Reversed wordings were flipped when the answer was taken. */
function goodness({ score, scale }: Voice): number {
  const [low, high] = (scale ?? '').split('-').map(Number);
  if (score === null || low === undefined || high === undefined || !(high > low)) return 0.5;
  return (score - low) / (high - low);
}
/* Read as criticism or scored low; a good score beside the words outweighs how they were read. */
const hurts = (voice: Voice): boolean => (voice.class === 'negative' || voice.complaint || goodness(voice) < 0.4) && goodness(voice) < 0.7;

/* Words that say where it hurts, the lowest score first, no two that differ only in case, marks and blanks. What was linked as evidence and is
   no criticism is none here either. */
export function quotesOf(voices: Voice[]): Voice[] {
  const told = new Map<string, Voice>();
  const worst = voices.filter((each) => each.text && hurts(each)).sort((a, b) => goodness(a) - goodness(b));
  for (const each of worst) {
    const words = fold(each.text ?? '').replace(/[^\p{L}\p{N}]+/gu, '');
    if (words && !told.has(words)) told.set(words, each);
  }
  return [...told.values()].slice(0, voices_most);
}

async function readPain(pain: Pain, period: Period, signal: AbortSignal): Promise<PainShown> {
  const span = period.span ? `&from=${period.span.from}&to=${period.span.to}` : '';
  const [size, voices] = await Promise.all([
    api.get<{ feedback: number; people: number }>(`/pains/${pain.id}/size?${span.slice(1)}`, { signal }),
    api.get<Page<Voice>>(`/pains/${pain.id}/evidence?limit=${voices_read}${span}`, { signal }),
  ]);
  return { pain, feedback: size.feedback, people: size.people, voices: quotesOf(voices.items) };
}

export async function readPack(period: Period, signal: AbortSignal): Promise<Pack> {
  const [scores, proposals, pains] = await Promise.all([readScores(period, signal), readProposals(signal), readPains(signal)]);
  const open = pains.filter((each) => each.status !== 'dropped' && each.status !== 'solved');
  const sized = await Promise.all(open.map((each) => readPain(each, period, signal)));
  return {
    scores,
    pains: sized.filter((each) => each.feedback > 0).sort((a, b) => b.people - a.people || b.feedback - a.feedback).slice(0, pains_most),
    asked: proposals.filter((each) => each.state === 'asked'),
    decided: proposals.filter((each) => ['approved', 'declined', 'done'].includes(each.state)).slice(0, decided_most),
  };
}
