/* Comparisons as the builder offers them, and conditions as they are chosen. */
import type { Plain } from './question';

export const operators = ['is', 'is_not', 'contains', 'between', 'gte', 'gt', 'lte', 'lt', 'exists', 'missing'] as const;
export type Operator = (typeof operators)[number];

export const numeric = (field: string): boolean => field === 'score' || field === 'amount';
export const listed = (operator: Operator): boolean => operator === 'is' || operator === 'is_not';

/* What may be asked of a field. */
export function operatorsOf(field: string): Operator[] {
  if (field === 'text') return ['exists', 'missing'];
  if (field === 'journey') return ['is', 'is_not', 'exists', 'missing'];
  if (numeric(field)) return ['between', 'gte', 'gt', 'lte', 'lt', 'is', 'exists', 'missing'];
  if (field.startsWith('prop:') || field.startsWith('trait:')) return ['is', 'is_not', 'contains', 'gte', 'lte', 'exists', 'missing'];
  return ['is', 'is_not', 'contains', 'exists', 'missing'];
}

/* The comparison of a condition; null when it says more than one row of the builder can. */
export function operatorOf(plain: Plain): Operator | null {
  const named = Object.keys(plain).filter((name) => name !== 'field');
  if (named.length === 2 && 'gte' in plain && 'lte' in plain) return 'between';
  if (named.length !== 1) return null;
  if (named[0] === 'exists') return plain.exists === false ? 'missing' : 'exists';
  return operators.find((each) => each === named[0]) ?? null;
}

export function withField(field: string): Plain {
  if (field === 'text') return { field, exists: true };
  return numeric(field) ? { field, gte: 0 } : { field, is: [] };
}

export function withOperator(plain: Plain, operator: Operator): Plain {
  const { field } = plain;
  const values = plain.is ?? plain.is_not ?? plain.contains ?? [];
  const first = plain.gte ?? plain.gt ?? plain.lte ?? plain.lt ?? values[0];
  if (listed(operator)) return { field, [operator]: values.length || first === undefined ? values : [first] } as unknown as Plain;
  if (operator === 'contains') return { field, contains: values };
  if (operator === 'exists' || operator === 'missing') return { field, exists: operator === 'exists' };
  if (operator === 'between') return { field, gte: first ?? 0, lte: plain.lte ?? 10 };
  return { field, [operator]: first ?? 0 } as unknown as Plain;
}
