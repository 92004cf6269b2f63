/* The way through a survey: which question comes next, what the texts say, what an answer must be.
 *
 * The same rules as the server's (src/listen/survey/logic.c); test/golden/survey-logic.json holds both to them. Random orders and
 * what an answer must be are in shuffle.ts and check.ts: a small widget does without.
 */
import { said, type Answers, type Condition, type Question, type Survey, type Test } from './document';

export interface Context {
  answers: Answers;
  hidden: Record<string, unknown>;
  language: string;
}

/* What conditions may look at: a question that is not on the way has no answer. */
interface Walked extends Context {
  questions: Question[];
  on: string[];
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);
export const own = (object: Record<string, unknown>, name: string): any => (Object.hasOwn(object, name) ? object[name] : null);

/* What was chosen, as conditions name it: ids of options, "row:option" of a matrix, the emotion. */
function chosen(type: string, answer: any): string[] {
  if (type === 'matrix') return Object.entries(answer).map((each) => each.join(':'));
  return [answer].flat().map((each) => each.option ?? each.emotion ?? `${each}`);
}

export function isAnswered(answer: unknown): boolean {
  if (answer == null) return false;
  if (typeof answer === 'string') return answer.trim() !== '';
  return typeof answer !== 'object' || Object.keys(answer).length > 0;
}

function test(one: Test, walked: Walked): boolean {
  const { question: id, hidden: name, is, is_not, contains, gt, gte, lt, lte, answered } = one;
  if (!id && !name) return list(one.language).includes(walked.language);
  const type = id ? walked.questions.find((each) => each.id === id)?.type : 'text';
  const answer = name ? own(walked.hidden, name) : walked.on.includes(id!) ? own(walked.answers, id!) : null;
  const given = isAnswered(answer);
  if (answered != null) return answered === given;
  if (!given) return is_not !== undefined;
  const items = chosen(type!, answer);
  const among = (wanted: unknown) => (type === 'ranking' ? items.slice(0, 1) : items).some((each) => list(wanted).includes(each));
  if (is !== undefined) return among(is);
  if (is_not !== undefined) return !among(is_not);
  if (contains !== undefined) return list(contains).some((each) => items.includes(each) || (type === 'text' && answer.includes(each)));
  return typeof answer === 'number' && (answer > gt! || answer >= gte! || answer < lt! || answer <= lte!);
}

function all(conditions: Condition[] | null | undefined, walked: Walked): boolean {
  return (conditions ?? []).every((each): boolean => {
    if ('any' in each) return each.any.some((one) => all([one], walked));
    if ('not' in each) return !all([each.not].flat(), walked);
    return test(each, walked);
  });
}

export interface Way {
  questions: string[];
  end: string;
}

/* All questions on the way as the answers stand, and the end it leads to. Jumps lead forwards only: no way is endless. */
export function way(survey: Survey, questions: Question[], context: Context): Way {
  const walked: Walked = { ...context, questions, on: [] };
  for (let at = 0; at < questions.length; ) {
    const question = questions[at]!;
    if (!all(question.show, walked)) {
      at++;
      continue;
    }
    walked.on.push(question.id);
    const to = question.jump?.find((each) => all(each.when, walked))?.to;
    if (to?.startsWith('end:')) return { questions: walked.on, end: to.slice(4) };
    at = Math.max(questions.findIndex((each) => each.id === to), at + 1);
  }
  const ends = survey.ends ?? [];
  const end = ends.find((each) => each.when && all(each.when, walked)) ?? ends.find((each) => !each.when) ?? ends[0];
  return { questions: walked.on, end: end?.id ?? 'thanks' };
}

export function holds(survey: Survey, conditions: Condition[] | null | undefined, context: Context): boolean {
  return all(conditions, { ...context, questions: survey.questions, on: way(survey, survey.questions, context).questions });
}

function words(question: Question, answer: any, language: string): string {
  if (Array.isArray(answer)) return question.type === 'file' ? '' : answer.map((each) => words(question, each, language)).join(', ');
  const option = question.options?.find((each) => each.id === (answer.option ?? answer));
  return answer.other || (option ? said(option.label, language) : typeof answer === 'object' ? '' : `${answer}`);
}

/* {{q1}} and {{hidden.name}} become what was answered: plain text, whatever it looks like. What is no such name stays. */
export function piped(text: string, survey: Survey, context: Context, on: string[]): string {
  return text.replace(/\{\{([\w.-]+)\}\}/g, (whole, name: string) => {
    if (name.startsWith('hidden.')) return String(own(context.hidden, name.slice(7)) ?? '');
    const question = survey.questions.find((each) => each.id === name);
    const answer = own(context.answers, name);
    return !question ? whole : on.includes(name) && isAnswered(answer) ? words(question, answer, context.language) : '';
  });
}
