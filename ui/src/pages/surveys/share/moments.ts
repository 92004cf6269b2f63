/* Days that a person chooses, as moments in the zone of the installation. */
import { isoDay } from '$/lib/format';

const day = 86_400_000;

/* The last moment of a day ("2026-11-22") there. Midnight of UTC is at most 14 hours away from theirs. */
export function endOfDay(iso: string): number {
  const hour = 3_600_000;
  let at = Date.parse(`${iso}T12:00:00Z`) - day;
  while (isoDay(at) <= iso) at += hour;
  while (isoDay(at - hour / 4) > iso) at -= hour / 4;
  return at - 1;
}
