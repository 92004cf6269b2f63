/* The touchpoints of every journey, with the emotion each should leave. */
import type { Journey, JourneySummary, Page } from '$/lib/api';
import { api } from '$/lib/http';

export interface PlacedTouchpoint {
  id: string;
  name: string;
  journey: string;
  stage: string;
  dimension: string | null;
  /* The word of the emotion that is asked for, if the map names one. */
  target: string | null;
}

export async function readTouchpoints(signal?: AbortSignal): Promise<PlacedTouchpoint[]> {
  const { items } = await api.get<Page<JourneySummary>>('/journeys', { signal });
  const journeys = await Promise.all(items.map((each) => api.get<Journey>(`/journeys/${each.id}`, { signal })));
  return journeys.flatMap((journey) =>
    journey.touchpoints.map((each) => ({
      id: each.id,
      name: each.name,
      journey: journey.name,
      stage: journey.stages.find((stage) => stage.id === each.stage)?.name ?? '',
      dimension: each.dimension,
      target: each.sufficient_emotion?.word ?? each.required_emotion?.word ?? null,
    })),
  );
}
