/* The draft of a journey map. */
import type { Journey } from '$/lib/api';
import { Draft as Kept } from '$/lib/draft.svelte';
import { api } from '$/lib/http';
import { isUnnamed, sent } from './model';

export class Draft extends Kept<Journey> {
  constructor(journey: Journey) {
    const put = async (value: Journey, tag: string) => (await api.put<Journey>(`/journeys/${journey.id}/draft`, sent(value), { headers: { 'if-match': tag } })).etag;
    const get = async () => {
      const value = await api.get<Journey>(`/journeys/${journey.id}?version=draft`);
      return { value, tag: value.etag };
    };
    super(journey, journey.etag, { put, get, ready: (value) => !isUnnamed(value) }, journey.draft);
  }

  get journey(): Journey {
    return this.value;
  }
}
