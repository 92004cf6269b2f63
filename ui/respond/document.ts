/* A survey as its author wrote it and the server hands it out. */

export type Said = Record<string, string>; // by language

export type Type =
  | 'nps' | 'csat' | 'ces' | 'emotion' | 'single' | 'multiple' | 'matrix' | 'ranking' | 'slider' | 'text' | 'contact' | 'file' | 'note';

export type Scalar = string | number | boolean | null;

export interface Test {
  question?: string;
  hidden?: string;
  language?: string | string[];
  is?: Scalar | Scalar[];
  is_not?: Scalar | Scalar[];
  gt?: number;
  gte?: number;
  lt?: number;
  lte?: number;
  contains?: Scalar | Scalar[];
  answered?: boolean;
}
export type Condition = Test | { any: Condition[] } | { not: Condition | Condition[] };

export interface Option {
  id: string;
  label: Said;
  other?: boolean;
}

export interface Jump {
  when: Condition[];
  to: string; // a question, or "end:ID"
}

export interface Question {
  id: string;
  type: Type;
  title: Said;
  help?: Said | null;
  required?: boolean;
  scale?: string | null;
  look?: 'numbers' | 'stars' | 'faces' | null;
  low?: Said | null;
  high?: Said | null;
  reversed?: boolean;
  options?: Option[];
  rows?: { id: string; label: Said }[];
  shuffle?: boolean;
  least?: number;
  most?: number;
  min?: number | null;
  max?: number | null;
  step?: number | null;
  long?: boolean;
  fields?: string[];
  purpose?: string | null;
  agree?: { version: number; texts: Said } | null; // the words of the purpose, from the server
  files?: string[];
  target?: string | Said | null;
  show?: Condition[];
  jump?: Jump[];
}

export interface End {
  id: string;
  title: Said;
  text?: Said | null;
  redirect?: string | null;
  when?: Condition[] | null;
}

export interface Survey {
  languages: string[];
  title: Said;
  welcome?: Said | null;
  theme?: { accent?: string | null; background?: string | null; shape?: string | null; progress?: boolean } | null;
  questions: Question[];
  shuffle?: string[][];
  ends?: End[];
}

export interface Choice {
  option: string;
  other: string;
}
export type Answer =
  | number | string | Choice | (string | Choice)[] | { emotion: string; strength: number } | Record<string, string | number | boolean> | null | undefined;
export type Answers = Record<string, Answer>;

/* What is said in the reader's language, else in the first in which there is anything. */
export function said(words: Said | null | undefined, language: string): string {
  return words ? words[language] || Object.values(words).find(Boolean) || '' : '';
}
