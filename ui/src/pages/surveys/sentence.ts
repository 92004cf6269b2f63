/* Conditions, jumps and quotas as sentences: "Câu 2 nhỏ hơn hoặc bằng 6 và ngôn ngữ là tiếng Việt". */
import { t, tOr } from '$/lib/i18n.svelte';
import { upTo } from '$/lib/format';
import { asks, bounds, hasOptions, isNumber, placeOf, questionOf, textOf, type Condition, type Plain, type Question, type Scalar, type Survey, type Text } from './document';

export type Operator = 'is' | 'is_not' | 'gt' | 'gte' | 'lt' | 'lte' | 'contains' | 'answered' | 'skipped';

/* What can be asked of an answer of this type. */
export function operatorsOf(question: Question | null): Operator[] {
  if (!question) return ['is', 'is_not', 'contains', 'answered', 'skipped'];
  if (isNumber(question.type)) return ['lte', 'gte', 'lt', 'gt', 'is', 'is_not', 'answered', 'skipped'];
  if (question.type === 'single' || question.type === 'emotion') return ['is', 'is_not', 'answered', 'skipped'];
  // Of several choices each is looked at; of a ranking what stands first.
  if (question.type === 'multiple' || question.type === 'matrix' || question.type === 'ranking') return ['is', 'is_not', 'answered', 'skipped'];
  if (question.type === 'text') return ['contains', 'answered', 'skipped'];
  return ['answered', 'skipped'];
}
export const operatorName = (operator: Operator): string => t(`ui.survey.op.${operator}`);

export function operatorOf(each: Plain): Operator {
  if ('language' in each) return 'is';
  if (each.answered !== undefined) return each.answered ? 'answered' : 'skipped';
  for (const name of ['is', 'is_not', 'gt', 'gte', 'lt', 'lte', 'contains'] as const) if (each[name] !== undefined) return name;
  return 'is';
}
export function valuesOf(each: Plain): Scalar[] {
  if ('language' in each) return [each.language].flat();
  const value = each[operatorOf(each) as 'is' | 'gt' | 'contains'];
  if (value === undefined || value === null || typeof value === 'boolean') return [];
  return Array.isArray(value) ? value : [value];
}

/* The condition with another operator or other values; numbers stay numbers. */
export function tested(each: Plain, operator: Operator, values: Scalar[]): Plain {
  if ('language' in each) return each;
  const base = 'question' in each ? { question: each.question } : { hidden: each.hidden };
  if (operator === 'answered' || operator === 'skipped') return { ...base, answered: operator === 'answered' };
  if (operator === 'is' || operator === 'is_not') return { ...base, [operator]: values };
  if (operator === 'contains') return { ...base, contains: String(values[0] ?? '') };
  return { ...base, [operator]: Number(values[0] ?? NaN) };
}

const emotions = ['joy', 'surprise', 'sadness', 'fear', 'anger', 'disgust', 'target'];
/* What can be answered, where it can be listed. */
export function choicesOf(question: Question): Scalar[] | null {
  if (question.type === 'matrix') return (question.rows ?? []).flatMap((row) => (question.options ?? []).map((each) => `${row.id}:${each.id}`));
  if (hasOptions(question.type)) return (question.options ?? []).map((each) => each.id);
  if (question.type === 'emotion') return emotions;
  if (!isNumber(question.type) || question.type === 'slider') return null;
  const [low, high] = bounds(question);
  return Array.from({ length: high - low + 1 }, (_, at) => low + at);
}

/* How a condition on this question begins. */
export function begun(question: Question): Plain {
  const operator = operatorsOf(question)[0]!;
  const [low, high] = bounds(question);
  const start = isNumber(question.type) ? [Math.floor(low + (high - low) * 0.6)] : question.type === 'emotion' ? ['target'] : (choicesOf(question) ?? []).slice(0, 1);
  return tested({ question: question.id }, operator, start);
}

/* "Câu 3: Bạn có hài lòng…" as it stands in lists. */
export function questionName(survey: Survey, id: string, language: string, most = 48): string {
  const at = placeOf(survey, id);
  const question = questionOf(survey, id);
  if (!question) return t('ui.survey.gone');
  const title = textOf(question.title, language, survey).replace(/\{\{.*?\}\}/g, '…');
  return t('ui.survey.question_n', { n: numberOf(survey, at), title: title.length > most ? `${title.slice(0, most).trimEnd()}…` : title || t(`ui.survey.type.${question.type}`) });
}
/* Notes are not counted: the person who answers sees no number for them. */
export const numberOf = (survey: Survey, at: number): number => Math.max(1, survey.questions.slice(0, at + 1).filter(asks).length);

export function valueName(survey: Survey, each: Plain, value: Scalar, language: string): string {
  if ('language' in each) return tOr(`ui.survey.language.${value}`, String(value));
  if ('question' in each) {
    const question = questionOf(survey, each.question);
    if (question?.type === 'matrix') {
      const [row, column] = String(value).split(':');
      const named = (list: { id: string; label: Text }[] | undefined, id: string | undefined) => textOf(list?.find((one) => one.id === id)?.label, language, survey) || id || '';
      return `${named(question.rows, row)}: ${named(question.options, column)}`;
    }
    const option = question?.options?.find((one) => one.id === value);
    if (option) return textOf(option.label, language, survey) || String(value);
    if (question?.type === 'emotion') return tOr(`ui.survey.emotion.${value}`, String(value));
  }
  return typeof value === 'number' ? upTo(value, 2) : String(value);
}

function plainText(survey: Survey, each: Plain, language: string, titled: boolean): string {
  const values = valuesOf(each).map((value) => valueName(survey, each, value, language)).join(t('ui.survey.or_short'));
  if ('language' in each) return t('ui.survey.when.language', { value: values });
  const name = 'question' in each ? (titled ? `“${questionName(survey, each.question, language)}”` : t('ui.survey.number', { n: numberOf(survey, placeOf(survey, each.question)) })) : t('ui.survey.hidden_named', { name: each.hidden });
  const operator = operatorOf(each);
  return operator === 'answered' || operator === 'skipped' ? `${name} ${operatorName(operator)}` : `${name} ${operatorName(operator)} ${values || '…'}`;
}
export function conditionText(survey: Survey, each: Condition, language: string, titled = false): string {
  if ('any' in each) return `(${each.any.map((one) => conditionText(survey, one, language, titled)).join(` ${t('ui.survey.or')} `)})`;
  if ('not' in each) return t('ui.survey.not', { text: conditionText(survey, each.not, language, titled) });
  return plainText(survey, each, language, titled);
}
export const conditionsText = (survey: Survey, list: Condition[] | undefined, language: string, titled = false): string =>
  list?.length ? list.map((each) => conditionText(survey, each, language, titled)).join(` ${t('ui.survey.and')} `) : t('ui.survey.always');

export function targetName(survey: Survey, to: string, language: string): string {
  if (!to.startsWith('end:')) return questionName(survey, to, language);
  const end = survey.ends.find((each) => `end:${each.id}` === to);
  return end ? t('ui.survey.end_named', { title: textOf(end.title, language, survey) }) : t('ui.survey.gone');
}
