/* Something read from the server, kept on screen until the newer answer is there.
 *
 *   const people = loaded((signal) => api.get<Page<PersonSummary>>(`/people?q=${q}`, { signal }));
 *
 * Runs again whenever a rune that `run` reads before its first await changes;
 * the request before is given up. `run` may return null: nothing to ask yet.
 */
import { untrack } from 'svelte';
import { Problem } from './http';

export interface Loaded<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly loading: boolean;
  again(): void;
  set(value: T): void;
}

export function loaded<T>(run: (signal: AbortSignal) => Promise<T> | null): Loaded<T> {
  let data = $state.raw<T>();
  let problem = $state.raw<Problem>();
  let loading = $state(true);
  let turn = $state(0);

  $effect(() => {
    void turn;
    const control = new AbortController();
    const answer = run(control.signal);
    if (!answer) return;
    untrack(() => (loading = true));
    answer.then(
      (value) => {
        if (control.signal.aborted) return;
        data = value;
        problem = undefined;
        loading = false;
      },
      (cause: unknown) => {
        if (control.signal.aborted) return;
        problem = cause instanceof Problem ? cause : new Problem(0, '', String(cause));
        loading = false;
      },
    );
    return () => control.abort();
  });

  return {
    get data() {
      return data;
    },
    get problem() {
      return problem;
    },
    get loading() {
      return loading;
    },
    again: () => void turn++,
    set: (value) => void (data = value),
  };
}
