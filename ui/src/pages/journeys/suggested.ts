/* The name a touchpoint made from a kind of event gets: the reader's word for that event where there is one. */
import type { Unmapped } from '$/lib/api';
import { kindName } from '$/lib/names';

export const suggestedName = (item: Unmapped): string => (item.suggested.name && item.suggested.name !== item.kind ? item.suggested.name : kindName(item.kind));
