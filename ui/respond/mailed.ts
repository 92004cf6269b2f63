import type { Answer, Question } from './document';

const emotions = ['joy', 'sadness', 'anger', 'fear', 'disgust', 'surprise', 'target'];

/* The answer that an e-mail's link chose, where the question offers it: links outlive versions, and anybody can write one. */
export function offered(question: Question, given: string): Answer {
  const { type, scale, options } = question;
  if (type === 'emotion') return emotions.includes(given) && (given !== 'target' || question.target) ? { emotion: given, strength: 2 } : undefined;
  if (type === 'single') return options?.some((each) => each.id === given && !each.other) ? given : undefined;
  const [low, high] = (scale || { nps: '0-10', csat: '1-5', ces: '1-7' }[type as 'nps'] || '').split('-').map(Number) as [number, number];
  return /^\d{1,3}$/.test(given) && +given >= low && +given <= high ? +given : undefined;
}
