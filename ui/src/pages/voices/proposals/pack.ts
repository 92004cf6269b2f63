/* What a meeting pack reads: scores beside the period before, the largest pain points with quotes, decisions asked for and made. */
import type { Metric, Page, ScoreRow } from '$/lib/api';
import { api } from '$/lib/http';
import { metrics } from '$/lib/metric';
import type { Period } from '$/lib/period.svelte';
import { score } from '$/lib/questions';
import { readPains, readProposals, type Pain, type Proposal, type Voice } from './proposals';

const pains_most = 5;
const voices_most = 3;
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

async function readPain(pain: Pain, period: Period, signal: AbortSignal): Promise<PainShown> {
  const span = period.span ? `&from=${period.span.from}&to=${period.span.to}` : '';
  const [size, voices] = await Promise.all([
    api.get<{ feedback: number; people: number }>(`/pains/${pain.id}/size?${span.slice(1)}`, { signal }),
    api.get<Page<Voice>>(`/pains/${pain.id}/evidence?limit=${voices_most}${span}`, { signal }),
  ]);
  return { pain, feedback: size.feedback, people: size.people, voices: voices.items.filter((each) => each.text) };
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
