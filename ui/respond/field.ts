/* What one question is made of, whoever draws it. */
import type { Answer, Question, Said } from './document';
import type { Word } from './words';

/* What a maker of fields is given. */
export interface Kit {
  question: Question;
  answer: Answer;
  key: string; // of the response: random orders follow from it
  language: string;
  id: string; // begins the ids of elements; names the title `${id}t` and the complaint `${id}e`
  say(text: Said | null | undefined): string; // in the reader's language, earlier answers filled in
  word: Word;
  set(answer: Answer): void;
  upload(file: File): Promise<string>;
}

export type Make = (kit: Kit) => Node;

/* The rarer questions, once they are loaded. */
export interface More {
  makers: Record<string, Make | undefined>;
  wrong(question: Question, answer: Answer, language: string): string | null; // what keeps the answer from being taken, in words
}

/* What names a group or a box, and what complains about it. */
export const named = (kit: Kit) => ({ 'aria-labelledby': `${kit.id}t`, 'aria-describedby': `${kit.id}e`, 'aria-required': kit.question.required ? 'true' : null });
