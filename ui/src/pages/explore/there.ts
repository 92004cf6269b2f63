/* What the data has, for every part of the builder, however deep. */
import { getContext, setContext } from 'svelte';
import type { Full } from '$/lib/catalogue.svelte';
import type { FieldProblem } from '$/lib/http';

export interface There {
  readonly catalogue: Full | undefined;
  readonly journey: string | undefined;
  readonly problems: FieldProblem[];
}
const key = Symbol('there');
export const giveThere = (there: There): There => setContext(key, there);
export const there = (): There => getContext<There>(key);
