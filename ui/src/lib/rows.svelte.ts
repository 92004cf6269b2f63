/* "Who?" – the drawer with the rows behind a figure. Any page opens it; the shell shows it. */
import type { Behind, BehindAt, Common } from './questions';

export interface Shown extends Common {
  title: string;
  /* Begin with the rows that have words. */
  voices?: boolean;
  /* Begin with the people; without `where` there is nothing else to show. */
  behind?: Behind | BehindAt;
}

let current = $state.raw<Shown | null>(null);

export const shownRows = (): Shown | null => current;
export const showRows = (shown: Shown): void => void (current = shown);
export const hideRows = (): void => void (current = null);
