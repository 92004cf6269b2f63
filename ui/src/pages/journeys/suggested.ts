/* The name a touchpoint made from a kind of event gets: the reader's words for that event where there are any. */
import type { Unmapped } from '$/lib/api';
import { channelName, kindName } from '$/lib/names';

export function suggestedName({ suggested, kind, channel }: Unmapped): string {
  if (suggested.name === kind) return kindName(kind);
  return channel && suggested.name === `${kind} · ${channel}` ? `${kindName(kind)} · ${channelName(channel)}` : suggested.name;
}
