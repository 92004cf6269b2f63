/* What each type of question begins with and which of its properties mean something. */
import { hasOptions, looks, scaleOf, scales, type Question, type Row, type Survey, type Text, type Type } from './document';

export type Property = 'scale' | 'look' | 'ends' | 'reversed' | 'options' | 'rows' | 'shuffle' | 'count' | 'range' | 'long' | 'fields' | 'files' | 'target' | 'required';

const has: Record<Type, Property[]> = {
  nps: ['ends', 'required'],
  csat: ['scale', 'look', 'ends', 'required'],
  ces: ['ends', 'reversed', 'required'],
  emotion: ['target', 'required'],
  single: ['options', 'shuffle', 'required'],
  multiple: ['options', 'shuffle', 'count', 'required'],
  matrix: ['rows', 'options', 'shuffle', 'required'],
  ranking: ['options', 'shuffle', 'required'],
  slider: ['range', 'ends', 'required'],
  text: ['long', 'required'],
  contact: ['fields', 'required'],
  file: ['files', 'required'],
  note: [],
};
export const takes = (type: Type, property: Property): boolean => has[type].includes(property);

/* In the order of the list that adds one, by what they are for. */
export const groups: { name: string; types: Type[] }[] = [
  { name: 'score', types: ['nps', 'csat', 'ces', 'emotion'] },
  { name: 'choice', types: ['single', 'multiple', 'matrix', 'ranking', 'slider'] },
  { name: 'words', types: ['text', 'contact', 'file', 'note'] },
];

const both = (vi: string, en: string): Text => ({ vi, en });
const letters = 'abcdefghijklmnopqrstuvwxyz';
export const freshId = (prefix: string, taken: string[]): string => {
  for (let n = taken.length + 1; ; n++) if (!taken.includes(`${prefix}${n}`)) return `${prefix}${n}`;
};
/* Options are a, b, c …; never one that was there before and may still be in answers is reused within a document. */
export function freshOption(taken: string[]): string {
  for (const letter of letters) if (!taken.includes(letter)) return letter;
  return freshId('o', taken);
}

const options = (...labels: [string, string][]) => labels.map(([vi, en], at) => ({ id: letters[at]!, label: both(vi, en) }));
const numbered = (...labels: [string, string][]): Row[] => labels.map(([vi, en], at) => ({ id: `r${at + 1}`, label: both(vi, en) }));

const begins: Record<Type, () => Omit<Question, 'id' | 'type'>> = {
  nps: () => ({
    title: both('Bạn có sẵn lòng giới thiệu chúng tôi với bạn bè, người thân không?', 'How likely are you to recommend us to a friend or relative?'),
    scale: '0-10',
    low: both('Chắc chắn không', 'Not at all likely'),
    high: both('Chắc chắn có', 'Extremely likely'),
    required: true,
  }),
  csat: () => ({
    title: both('Bạn hài lòng đến mức nào?', 'How satisfied are you?'),
    scale: '1-5',
    look: 'numbers',
    low: both('Rất không hài lòng', 'Very dissatisfied'),
    high: both('Rất hài lòng', 'Very satisfied'),
    required: true,
  }),
  ces: () => ({
    title: both('Bạn thấy việc vừa rồi dễ dàng đến mức nào?', 'How easy was it to do what you came for?'),
    scale: '1-7',
    low: both('Rất khó khăn', 'Very difficult'),
    high: both('Rất dễ dàng', 'Very easy'),
    required: true,
  }),
  emotion: () => ({ title: both('Lúc đó bạn cảm thấy thế nào?', 'How did you feel at that moment?') }),
  single: () => ({ title: both('', ''), options: options(['', ''], ['', '']) }),
  multiple: () => ({ title: both('', ''), options: options(['', ''], ['', ''], ['', '']) }),
  matrix: () => ({
    title: both('', ''),
    rows: numbered(['', ''], ['', '']),
    options: options(['Không tốt', 'Poor'], ['Được', 'Fair'], ['Tốt', 'Good']),
  }),
  ranking: () => ({ title: both('', ''), options: options(['', ''], ['', ''], ['', '']) }),
  slider: () => ({ title: both('', ''), min: 0, max: 100, step: 1 }),
  text: () => ({ title: both('Vì sao bạn chọn như vậy?', 'What is the main reason for your answer?'), long: true }),
  contact: () => ({ title: both('Chúng tôi liên hệ lại với bạn bằng cách nào?', 'How may we reach you?'), fields: ['name', 'phone'], purpose: 'service' }),
  file: () => ({ title: both('Bạn gửi kèm ảnh hoặc tệp nếu có', 'Add a picture or a file, if you have one'), files: ['image/*', 'application/pdf'] }),
  note: () => ({ title: both('', '') }),
};

/* Only the languages the survey has, and no text that says nothing. */
function kept(text: Text, languages: string[]): Text {
  return Object.fromEntries(languages.map((each) => [each, text[each] ?? '']).filter(([, value]) => value !== ''));
}
export function inLanguages<T>(value: T, languages: string[]): T {
  if (Array.isArray(value)) return value.map((each) => inLanguages(each, languages)) as T;
  if (!value || typeof value !== 'object') return value;
  const made = Object.entries(value).map(([name, each]) => [name, textual.has(name) ? kept(each as Text, languages) : inLanguages(each, languages)]);
  return Object.fromEntries(made) as T;
}
const textual = new Set(['title', 'help', 'low', 'high', 'label', 'text', 'welcome']);

export function newQuestion(survey: Survey, type: Type): Question {
  const id = freshId('q', survey.questions.map((each) => each.id));
  return { id, type, ...inLanguages(begins[type](), survey.languages) };
}

/* The same question as another type: what both know stays, what only the old one knew goes. */
export function asType(question: Question, type: Type): Question {
  const fresh = begins[type]();
  const next: Question = { ...question, type };
  delete next.bank;
  delete next.series;
  if (!takes(type, 'options')) delete next.options;
  else next.options ??= fresh.options;
  if (!takes(type, 'rows')) delete next.rows;
  else next.rows ??= fresh.rows;
  if (!takes(type, 'ends')) for (const name of ['low', 'high'] as const) delete next[name];
  if (!takes(type, 'reversed')) delete next.reversed;
  if (!takes(type, 'shuffle')) delete next.shuffle;
  if (!takes(type, 'count')) for (const name of ['least', 'most'] as const) delete next[name];
  if (takes(type, 'range')) Object.assign(next, { min: next.min ?? 0, max: next.max ?? 100, step: next.step ?? 1 });
  else for (const name of ['min', 'max', 'step'] as const) delete next[name];
  if (!takes(type, 'long')) delete next.long;
  if (takes(type, 'fields')) Object.assign(next, { fields: next.fields ?? fresh.fields, purpose: next.purpose ?? fresh.purpose });
  else for (const name of ['fields', 'purpose'] as const) delete next[name];
  if (takes(type, 'files')) next.files ??= fresh.files;
  else delete next.files;
  if (!takes(type, 'target')) delete next.target;
  if (!takes(type, 'required')) delete next.required;
  const known = scales[type];
  if (!known) delete next.scale;
  else if (!next.scale || !known.includes(next.scale)) next.scale = known[0];
  if (!takes(type, 'look')) delete next.look;
  else if (!next.look || !looks(next).includes(next.look)) next.look = 'numbers';
  if (type !== question.type) delete next.adjective;
  return next;
}

/* Another scale may not know the look. */
export function withScale(question: Question, scale: Question['scale']): Question {
  const next = { ...question, scale };
  return looks(next).includes(next.look ?? 'numbers') ? next : { ...next, look: 'numbers' };
}
export const scaleIsChosen = (type: Type): boolean => (scales[type]?.length ?? 0) > 1;
export { hasOptions, scaleOf };
