/* What is still wrong or missing in a draft, with the place of each, as it is written.
 *
 * The pointers are those of the server's own answers (`/questions/3/title/vi`), so that both
 * end at the same field. What is said here already is not said twice.
 */
import { contrast, least } from './contrast';
import { choicesOf } from './sentence';
import { asks, hasOptions, isEmpty, isNumber, placeOf, plain, questionOf, type Condition, type Plain, type Question, type Survey, type Text } from './document';

export interface Trouble {
  pointer: string;
  /* A word of the catalogue: ui.survey.wrong.KEY. */
  key?: string;
  values?: Record<string, string | number>;
  /* What the server said, where it said it. */
  detail?: string;
  /* Publishing is not held up by it. */
  minor?: boolean;
}

export function troubles(survey: Survey): Trouble[] {
  const found: Trouble[] = [];
  if (survey.name.trim() === '') found.push({ pointer: '/name', key: 'name' });
  found.push(...texts(survey, survey.title, '/title', true), ...texts(survey, survey.welcome, '/welcome', false));
  if (!survey.questions.some(asks)) found.push({ pointer: '/questions', key: 'no_questions' });
  survey.questions.forEach((question, at) => found.push(...ofQuestion(survey, question, at)));
  found.push(...ofEnds(survey), ...ofQuotas(survey), ...ofGroups(survey), ...ofTheme(survey));
  return found;
}

/* A text must be there in one language; where it is there in one it should be in all. */
function texts(survey: Survey, text: Text | undefined, pointer: string, needed: boolean): Trouble[] {
  if (isEmpty(text)) return needed ? [{ pointer, key: 'text' }] : [];
  return survey.languages.filter((each) => !text?.[each]?.trim()).map((each) => ({ pointer: `${pointer}/${each}`, key: 'translation' }));
}

function ofQuestion(survey: Survey, question: Question, at: number): Trouble[] {
  const here = `/questions/${at}`;
  const found = [...texts(survey, question.title, `${here}/title`, true)];
  for (const name of ['help', 'low', 'high'] as const) found.push(...texts(survey, question[name], `${here}/${name}`, false));
  if (hasOptions(question.type)) found.push(...ofOptions(survey, question, here));
  if (question.type === 'slider') found.push(...ofSlider(question, here));
  if (question.type === 'contact') {
    if (!question.fields?.length) found.push({ pointer: `${here}/fields`, key: 'fields' });
    if (!question.purpose) found.push({ pointer: `${here}/purpose`, key: 'purpose' });
  }
  if (question.type === 'file' && !question.files?.length) found.push({ pointer: `${here}/files`, key: 'files' });
  const options = question.options?.length ?? 0;
  if ((question.most ?? 0) > options || ((question.most ?? 0) > 0 && (question.least ?? 0) > question.most!)) found.push({ pointer: `${here}/most`, key: 'most' });
  if ((question.least ?? 0) > options) found.push({ pointer: `${here}/least`, key: 'most' });
  for (const name of ['title', 'help'] as const) found.push(...piped(survey, question[name], `${here}/${name}`, at));
  found.push(...conditions(survey, question.show, `${here}/show`, at));
  question.jump?.forEach((jump, index) => {
    const pointer = `${here}/jump/${index}`;
    // A jump is decided when its own question has been answered.
    found.push(...conditions(survey, jump.when, `${pointer}/when`, at + 1), ...target(survey, jump.to, `${pointer}/to`, at));
  });
  return found;
}

function ofOptions(survey: Survey, question: Question, here: string): Trouble[] {
  const found: Trouble[] = [];
  const lists = question.type === 'matrix' ? (['rows', 'options'] as const) : (['options'] as const);
  for (const list of lists) {
    const items = question[list] ?? [];
    if (items.length < (list === 'rows' ? 1 : 2)) found.push({ pointer: `${here}/${list}`, key: list === 'rows' ? 'rows' : 'options' });
    items.forEach((item, index) => found.push(...texts(survey, item.label, `${here}/${list}/${index}/label`, true)));
    for (const language of survey.languages) {
      const labels = items.map((each) => each.label[language]?.trim()).filter(Boolean);
      const twice = labels.find((each, index) => labels.indexOf(each) !== index);
      if (twice) found.push({ pointer: `${here}/${list}`, key: 'twice', values: { text: twice } });
    }
  }
  return found;
}

function ofSlider(question: Question, here: string): Trouble[] {
  const [min, max, step] = [question.min ?? 0, question.max ?? 100, question.step ?? 1];
  if (!(min < max)) return [{ pointer: `${here}/max`, key: 'range' }];
  return step > 0 && step <= max - min ? [] : [{ pointer: `${here}/step`, key: 'step' }];
}

/* `before`: how many questions have been seen when the condition is decided. */
function conditions(survey: Survey, list: Condition[] | undefined, pointer: string, before: number): Trouble[] {
  const found: Trouble[] = [];
  for (const each of plain(list)) {
    if ('language' in each) {
      if ([each.language].flat().some((one) => !survey.languages.includes(one))) found.push({ pointer, key: 'language' });
      continue;
    }
    if ('question' in each) {
      const at = placeOf(survey, each.question);
      if (at < 0) found.push({ pointer, key: 'gone' });
      else if (at >= before) found.push({ pointer, key: 'later', values: { n: at + 1 } });
      else if (unknownOption(questionOf(survey, each.question)!, each)) found.push({ pointer, key: 'option' });
    } else if (!each.hidden.trim()) found.push({ pointer, key: 'hidden' });
    if (isOpen(each)) found.push({ pointer, key: 'unfinished' });
  }
  return found;
}
/* Nothing is compared with yet. */
export function isOpen(each: Plain): boolean {
  if ('language' in each) return false;
  const tests = Object.entries(each).filter(([name]) => name !== 'question' && name !== 'hidden');
  return tests.length === 0 || tests.some(([, value]) => value === '' || value === null || (Array.isArray(value) && value.length === 0) || (typeof value === 'number' && Number.isNaN(value)));
}
function unknownOption(question: Question, each: Plain): boolean {
  if (!hasOptions(question.type) || 'language' in each) return false;
  const known = (choicesOf(question) ?? []).map(String);
  return [each.is ?? [], each.is_not ?? []].flat().some((id) => !known.includes(String(id)));
}

function target(survey: Survey, to: string, pointer: string, at: number): Trouble[] {
  if (to.startsWith('end:')) return survey.ends.some((each) => `end:${each.id}` === to) ? [] : [{ pointer, key: 'no_target' }];
  const place = placeOf(survey, to);
  if (place < 0) return [{ pointer, key: 'no_target' }];
  return place > at ? [] : [{ pointer, key: 'backwards' }];
}

function piped(survey: Survey, text: Text | undefined, pointer: string, at: number): Trouble[] {
  const found: Trouble[] = [];
  for (const [language, words] of Object.entries(text ?? {})) {
    for (const [, name] of (words ?? '').matchAll(/\{\{\s*([\w.-]*)\s*\}\}/g)) {
      if (name!.startsWith('hidden.')) continue;
      const place = placeOf(survey, name!);
      if (place < 0 || place >= at) found.push({ pointer: `${pointer}/${language}`, key: 'piped', values: { name: name! } });
    }
  }
  return found;
}

function ofEnds(survey: Survey): Trouble[] {
  const count = survey.questions.length;
  const found: Trouble[] = [];
  if (!survey.ends.some((each) => !each.when?.length)) found.push({ pointer: '/ends', key: 'no_end' });
  survey.ends.forEach((end, at) => {
    const here = `/ends/${at}`;
    found.push(...texts(survey, end.title, `${here}/title`, true), ...texts(survey, end.text, `${here}/text`, false));
    found.push(...piped(survey, end.title, `${here}/title`, count), ...piped(survey, end.text, `${here}/text`, count));
    found.push(...conditions(survey, end.when, `${here}/when`, count));
    if (end.redirect && !isAddress(end.redirect)) found.push({ pointer: `${here}/redirect`, key: 'redirect' });
  });
  return found;
}
/* As the server has it: nothing that a reader does not see or that makes one host look like another. */
function isAddress(text: string): boolean {
  try {
    const { host } = new URL(text);
    return Boolean(host) && /^https:\/\/[^/?#@:][^/?#@]*(?:[/?#]|$)/.test(text) && !/[\s"<>\\\p{Cc}\p{Cf}\uFFFD]/u.test(text);
  } catch {
    return false;
  }
}

function ofQuotas(survey: Survey): Trouble[] {
  return (survey.quotas ?? []).flatMap((quota, at) => {
    const here = `/quotas/${at}`;
    const found = [...conditions(survey, quota.when, `${here}/when`, survey.questions.length), ...target(survey, quota.to, `${here}/to`, -1)];
    if (quota.name.trim() === '') found.push({ pointer: `${here}/name`, key: 'name' });
    if (!(quota.most >= 1)) found.push({ pointer: `${here}/most`, key: 'quota' });
    if (quota.when.length === 0) found.push({ pointer: `${here}/when`, key: 'unfinished' });
    return found;
  });
}

/* Who jumps out of a group, or asks about a neighbour of it, depends on an order that chance gives. */
function ofGroups(survey: Survey): Trouble[] {
  return (survey.shuffle ?? []).flatMap((group, at): Trouble[] => {
    const here = `/shuffle/${at}`;
    if (group.length < 2) return [{ pointer: here, key: 'group_small' }];
    const places = group.map((each) => placeOf(survey, each)).sort((a, b) => a - b);
    if (places.some((place, index) => index > 0 && place !== places[index - 1]! + 1)) return [{ pointer: here, key: 'group_apart' }];
    const members = group.map((each) => questionOf(survey, each)!);
    const leans = members.some((each) => each.jump?.length || [...plain(each.show)].some((one) => 'question' in one && group.includes(one.question)));
    return leans ? [{ pointer: here, key: 'group_order' }] : [];
  });
}

function ofTheme(survey: Survey): Trouble[] {
  const ratio = survey.theme?.accent ? contrast(survey.theme.accent, survey.theme.background ?? '#ffffff') : null;
  if (survey.theme?.accent && ratio === null) return [{ pointer: '/theme/accent', key: 'colour' }];
  return ratio !== null && ratio < least ? [{ pointer: '/theme/accent', key: 'contrast', minor: true }] : [];
}

/* What the server says beside what was found here; the same place is named once. */
export function together(own: Trouble[], server: { pointer: string; detail: string }[]): Trouble[] {
  const known = new Set(own.map((each) => each.pointer));
  return [...own, ...server.map((each) => ({ ...each, pointer: each.pointer.replace(/^#/, '').replace(/^\/document(?=\/)/, '') })).filter((each) => !known.has(each.pointer))];
}
/* Of one place and everything inside it. */
export const within = (list: Trouble[], pointer: string): Trouble[] => list.filter((each) => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`));
export const isMissing = (survey: Survey): number => troubles(survey).filter((each) => each.key === 'translation').length;
export { isNumber };
