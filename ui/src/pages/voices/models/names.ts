/* Classes in words. */
import { t } from '$/lib/i18n.svelte';

export function className(label: string): string {
  if (label === 'positive') return t('ui.models.class.positive');
  if (label === 'negative') return t('ui.models.class.negative');
  return label === 'neutral' ? t('ui.models.class.neutral') : label;
}
