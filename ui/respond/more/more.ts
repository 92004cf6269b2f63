/* The rarer questions: loaded when a survey has one. */
import catalogue from 'virtual:respond/more';
import { wrong } from '../check';
import type { Kit, Make, More } from '../field';
import { wordsOf, type MoreKey } from '../words';
import { choices } from './choices';
import { contact } from './contact';
import { emotion } from './emotion';
import { file } from './file';
import { matrix } from './matrix';
import { ranking } from './ranking';
import { slider } from './slider';

/* The words of these questions; the kit's own are those of the core. */
export type Word = (key: MoreKey, values?: Record<string, string | number>) => string;
export type MakeMore = (kit: Kit, word: Word) => Node;

const all: Record<string, MakeMore> = { single: choices, multiple: choices, contact, emotion, file, matrix, ranking, slider };
const makers: Record<string, Make> = {};
for (const [type, make] of Object.entries(all)) makers[type] = (kit) => make(kit, wordsOf(catalogue, kit.language));

const more: More = {
  makers,
  wrong(question, answer, language) {
    const found = wrong(question, answer);
    return found && wordsOf(catalogue, language)(`wrong_${found}`, { least: question.least ?? 0, most: question.most ?? 0 });
  },
};
export default more;
export { order } from '../shuffle';
