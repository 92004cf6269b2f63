/* Reading history under another version of the map than the one that was in force: ?version=2 in the address of a page. */
import { search, setSearch } from './router.svelte';

export function readingVersion(): number | null {
  const version = Number(search().get('version'));
  return Number.isInteger(version) && version > 0 ? version : null;
}

export const leaveVersion = (): void => setSearch({ version: null });
