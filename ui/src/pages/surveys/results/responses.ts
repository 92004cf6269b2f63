/* One response: how it came, what was answered on which way, and how an answer is written in words. */
import { upTo } from '$/lib/format';
import { query } from '$/lib/http';
import { t, tOr } from '$/lib/i18n.svelte';
import { bounds, isNumber, isScored, textOf, type Question, type Survey } from '../document';

export interface ResponseLine {
  id: string;
  state: 'partial' | 'finished' | 'over';
  version: number;
  language: string;
  channel: string;
  place: string;
  link: string | null;
  link_name: string;
  link_kind: string;
  /* "user:U1"; only for whoever may see persons. */
  alias?: string | null;
  /* The same device gives the same word, and says nothing else. */
  device: string;
  started_ms: number;
  finished_ms: number | null;
  seconds: number | null;
  answered: number;
  end: string;
  answers: Record<string, unknown> | null;
}
export interface OneResponse {
  about: ResponseLine;
  document: Survey;
  path: { question: string; ms: number }[];
  hidden: Record<string, string> | null;
  files: { id: string; name: string; type: string; size: number }[];
}

/* "user:U1" as people are looked for: by what stands behind the colon. */
export const aliasWord = (alias: string): string => alias.slice(alias.indexOf(':') + 1);
export const peopleAddress = (alias: string): string => `/people${query({ q: aliasWord(alias) })}`;

/* The scores among the answers: NPS 9/10 … */
export const scoresOf = (survey: Survey, answers: Record<string, unknown> | null): { question: Question; score: number }[] =>
  survey.questions.filter((each) => isScored(each) && typeof answers?.[each.id] === 'number').map((question) => ({ question, score: answers![question.id] as number }));

const option = (survey: Survey, question: Question, list: 'options' | 'rows', id: string, language: string): string => textOf(question[list]?.find((each) => each.id === id)?.label, language, survey) || id;

/* An option, or one that was written by hand: {"option":"x","other":"…"}. */
function choice(survey: Survey, question: Question, answer: unknown, language: string): string {
  if (answer && typeof answer === 'object' && 'option' in answer) {
    const { option: id, other } = answer as { option: string; other?: string };
    return other ? `${option(survey, question, 'options', id, language)}: ${other}` : option(survey, question, 'options', id, language);
  }
  return option(survey, question, 'options', String(answer), language);
}

/* The answer as lines of text; none for what was skipped. */
export function answerLines(survey: Survey, question: Question, answer: unknown, language: string): string[] {
  if (answer === null || answer === undefined) return [];
  if (isNumber(question.type)) return [question.type === 'slider' ? upTo(Number(answer)) : `${upTo(Number(answer))}/${bounds(question)[1]}`];
  if (question.type === 'single') return [choice(survey, question, answer, language)];
  if (question.type === 'multiple') return (answer as unknown[]).map((each) => choice(survey, question, each, language));
  if (question.type === 'ranking') return (answer as string[]).map((each, at) => `${at + 1}. ${option(survey, question, 'options', each, language)}`);
  if (question.type === 'matrix') return Object.entries(answer as Record<string, string>).map(([row, column]) => `${option(survey, question, 'rows', row, language)}: ${option(survey, question, 'options', column, language)}`);
  if (question.type === 'emotion') {
    const { emotion, strength } = answer as { emotion: string; strength?: number };
    const word = emotion === 'target' ? (question.target ?? t('ui.survey.emotion.target')) : tOr(`ui.survey.emotion.${emotion}`, emotion);
    return [strength ? `${word} (${t('ui.survey.strength', { mean: upTo(strength) })})` : word];
  }
  if (question.type === 'contact') return Object.entries(answer as Record<string, unknown>).filter(([name]) => name !== 'consent' && name !== 'wording').map(([name, value]) => `${tOr(`ui.survey.fields.${name}`, name)}: ${value}`);
  return [String(answer)];
}
/* Whether the box under a contact was ticked; null where there was none. */
export const agreed = (question: Question, answer: unknown): boolean | null => (question.type === 'contact' && answer && typeof answer === 'object' && 'consent' in answer ? Boolean((answer as { consent: unknown }).consent) : null);
