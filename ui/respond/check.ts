/* What keeps an answer from being taken, said before it is sent. The server decides. */
import type { Answer, Question } from './document';
import { isAnswered, own } from './logic';

const longest = 10000; // letters

export type Wrong = 'long' | 'required' | 'least' | 'most' | 'email' | 'phone' | 'other' | 'consent';

export function wrong(question: Question, answer: Answer): Wrong | null {
  const { type, least, most } = question;
  if (!isAnswered(answer)) return !question.required || type === 'note' ? null : type === 'contact' && question.purpose ? 'consent' : 'required';
  const many = [answer].flat();
  if (many.some((each) => each && typeof each === 'object' && 'other' in each && !String(each.other).trim())) return 'other';
  if (type === 'multiple' || type === 'ranking') {
    if (least && many.length < least) return 'least';
    if (most && type === 'multiple' && many.length > most) return 'most';
  }
  if (type === 'text' && [...String(answer)].length > Math.min(most || longest, longest)) return 'long';
  if (type === 'ranking' && question.required && many.length < (question.options ?? []).length) return 'required';
  if (type === 'matrix' && question.required && question.rows?.some((row) => !own(answer as any, row.id))) return 'required';
  if (type === 'contact') {
    const { email, phone } = answer as Record<string, string>;
    if (email && !/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email)) return 'email';
    if (phone && !/^\+?[\d\s().-]{8,20}$/.test(phone)) return 'phone';
  }
  return null;
}
