/* The company's own model of its customers' words, as the server tells it. */

export interface ModelLabel {
  label: string;
  count: number;
  precision: number;
  recall: number;
  f1: number;
}
export interface Model {
  id: string;
  current: boolean;
  texts: number;
  corrections: number;
  accuracy: number;
  macro_f1: number;
  weighted_f1: number;
  most_common: number;
  folds: number;
  labels: ModelLabel[];
  trained: number;
  by: string | null;
}
export interface Training {
  state: 'none' | 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: number;
  failure: string | null;
  corrections: number;
  scored: number;
  need: number;
}
export interface Wrong {
  feedback: string;
  said: string;
  guessed: string;
  confidence: number;
}
export interface Tried {
  label: string | null;
  confidence: number | null;
  because: { text: string; at: number; weight: number }[];
}

export const busy = (training: Training | undefined): boolean => training?.state === 'waiting' || training?.state === 'running';
