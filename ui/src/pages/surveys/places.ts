/* What a pointer names, in words: "Câu 3" for "/questions/2/title/vi". */
import { t } from '$/lib/i18n.svelte';
import { textOf, type Survey } from './document';
import { numberOf } from './sentence';

export function placeName(survey: Survey, pointer: string): string {
  const [, part, index] = pointer.split('/');
  const at = Number(index);
  if (part === 'questions' && survey.questions[at]) return survey.questions[at].type === 'note' ? t('ui.survey.type.note') : t('ui.survey.number', { n: numberOf(survey, at) });
  if (part === 'ends' && survey.ends[at]) return t('ui.survey.end_named', { title: textOf(survey.ends[at].title, 'vi', survey) });
  if (part === 'quotas') return t('ui.survey.quotas');
  if (part === 'shuffle') return t('ui.survey.groups');
  if (part === 'theme') return t('ui.survey.view.look');
  if (part === 'questions') return t('ui.survey.view.questions');
  if (part === 'ends') return t('ui.survey.ends');
  if (part === 'languages' || part === 'partial_after') return t('ui.survey.view.settings');
  return t('ui.survey.opening');
}
