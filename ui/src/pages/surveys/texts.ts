/* Every text of a document with its place and what it is called, and how one is put back there. */
import { t } from '$/lib/i18n.svelte';
import type { Survey, Text } from './document';
import { numberOf } from './sentence';

export interface Placed {
  pointer: string;
  name: string;
  text: Text;
}

export function allTexts(survey: Survey): Placed[] {
  const found: Placed[] = [];
  const add = (pointer: string, name: string, text: Text | undefined, always = false) => {
    if (text || always) found.push({ pointer, name, text: text ?? {} });
  };
  add('/title', t('ui.survey.title'), survey.title, true);
  add('/welcome', t('ui.survey.welcome'), survey.welcome);
  survey.questions.forEach((question, at) => {
    const [here, n] = [`/questions/${at}`, numberOf(survey, at)];
    const named = (what: string) => t('ui.survey.text_named', { n, what });
    add(`${here}/title`, question.type === 'note' ? t('ui.survey.type.note') : t('ui.survey.number', { n }), question.title, true);
    add(`${here}/help`, named(t('ui.survey.help')), question.help);
    add(`${here}/low`, named(t('ui.survey.low')), question.low);
    add(`${here}/high`, named(t('ui.survey.high')), question.high);
    for (const list of ['rows', 'options'] as const) question[list]?.forEach((item, index) => add(`${here}/${list}/${index}/label`, named(t(list === 'rows' ? 'ui.survey.row_n' : 'ui.survey.option_n', { n: index + 1 })), item.label, true));
  });
  survey.ends.forEach((end, at) => {
    add(`/ends/${at}/title`, t('ui.survey.end_title'), end.title, true);
    add(`/ends/${at}/text`, t('ui.survey.end_text'), end.text);
  });
  return found;
}

/* The document with another text at that place. */
export function put(survey: Survey, pointer: string, text: Text): Survey {
  const set = (value: unknown, [first, ...rest]: string[]): unknown => {
    if (first === undefined) return text;
    if (Array.isArray(value)) return value.map((each, at) => (String(at) === first ? set(each, rest) : each));
    return { ...(value as object), [first]: set((value as Record<string, unknown>)[first], rest) };
  };
  return set(survey, pointer.split('/').slice(1)) as Survey;
}
