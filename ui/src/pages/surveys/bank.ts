/* The question bank: questions with good words in both languages whose answers are one series wherever they are asked. */
import { fold } from '$/lib/fold';
import { api } from '$/lib/http';
import { textOf, type Question, type Text } from './document';

export interface BankItem {
  key: string;
  group: string;
  question: Omit<Question, 'id'>;
  source?: string | null;
  note?: Text | null;
}

let kept: Promise<BankItem[]> | null = null;
export function readBank(): Promise<BankItem[]> {
  kept ??= api.get<{ items: BankItem[] }>('/question-bank').then(
    ({ items }) => items,
    (cause) => {
      kept = null;
      throw cause;
    },
  );
  return kept;
}

/* Those whose words, in any language, hold every word that is looked for. */
export function found(items: BankItem[], text: string, group: string | null): BankItem[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  return items.filter((each) => {
    if (group && each.group !== group) return false;
    const said = fold([each.key, each.group, each.question.type, ...Object.values(each.question.title), ...(each.question.options ?? []).flatMap((one) => Object.values(one.label))].join(' '));
    return words.every((word) => said.includes(word));
  });
}
export const groupsOf = (items: BankItem[]): string[] => [...new Set(items.map((each) => each.group))];
export const titleOf = (item: BankItem, language: string): string => textOf(item.question.title, language);
