/* For those who look at a survey without answering it. */
import type { Question, Survey } from './document';
import { way, type Context } from './logic';

export { holds } from './logic';

/* The question behind `from` (null: the first), null at the end. A question off the way is followed by the next in order. */
export function next(survey: Survey, questions: Question[], from: string | null, context: Context): string | null {
  const on = way(survey, questions, context).questions;
  if (from === null || on.includes(from)) return on[from === null ? 0 : on.indexOf(from) + 1] ?? null;
  return questions[questions.findIndex((each) => each.id === from) + 1]?.id ?? null;
}
