/* Names for what the senders call by a code: channels, event kinds, stages of an address. What is unknown stays as it came. */
import { tOr } from './i18n.svelte';
import { metricName } from './metric';

const slug = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '_');

export const channelName = (value: unknown): string => (value === null || value === undefined || value === '' ? tOr('ui.value.none', '–') : tOr(`ui.channel.${slug(String(value))}`, String(value)));
export const kindName = (value: string): string => tOr(`ui.kind.${slug(value)}`, value);

/* The word for a field of a question: place, channel, prop:carrier … */
export const fieldName = (field: string): string => (field.startsWith('prop:') ? tOr(`ui.prop.${slug(field.slice(5))}`, field.slice(5)) : tOr(`ui.field.${field}`, field));

export function valueName(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return tOr('ui.value.none', '–');
  if (field === 'channel') return channelName(value);
  if (field === 'kind') return kindName(String(value));
  if (field === 'metric') return metricName(String(value));
  if (value === true || value === 'true') return tOr('ui.value.yes', 'true');
  if (value === false || value === 'false') return tOr('ui.value.no', 'false');
  return field.startsWith('prop:') ? tOr(`ui.option.${slug(field.slice(5))}.${slug(String(value))}`, String(value)) : String(value);
}
