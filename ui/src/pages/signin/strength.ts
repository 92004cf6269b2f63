/* How hard a password is to guess, roughly: enough to warn before it is sent, the server decides. */

export const passwordMin = 10;

export type Strength = 'short' | 'weak' | 'fair' | 'strong';

const common = /^(password|matkhau|mat khau|qwerty|iloveyou|anhyeuem|abc|admin|cham)/;
const runs = ['abcdefghijklmnopqrstuvwxyz', '0123456789', 'qwertyuiopasdfghjklzxcvbnm'];

/* Characters that say something new: not a repetition, not the next one of a well-known row. */
function telling(password: string): number {
  let count = 0;
  for (let i = 0; i < password.length; i++) {
    const pair = password.slice(i - 1, i + 1);
    const known = i > 0 && (pair[0] === pair[1] || runs.some((run) => run.includes(pair)));
    if (!known) count++;
  }
  return count;
}

export function strengthOf(password: string, about: string[] = []): Strength {
  const characters = [...password.normalize('NFC')];
  if (characters.length < passwordMin) return 'short';
  const lower = password.toLowerCase();
  const personal = about.some((word) => word.length > 3 && lower.includes(word.toLowerCase()));
  const different = new Set(characters).size;
  const told = telling(lower);
  if (common.test(lower) || personal || different < 6 || told < 9) return 'weak';
  return told >= 16 && different >= 10 ? 'strong' : 'fair';
}
