/** Changes that are not saved yet, kept in this browser window: they outlive a reload and a lost login. */
import { type SegmentDefinition } from '../../query/types.gen';

const key = (datasource: string, id: string | undefined) => `footfall.segment.${datasource}.${id ?? ''}`;

export function readDraft(datasource: string, id: string | undefined): SegmentDefinition | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(datasource, id)) ?? 'null') as SegmentDefinition | null;
    return kept?.where ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a draft, or forgets it where there is none. */
export function keepDraft(datasource: string, id: string | undefined, definition: SegmentDefinition | undefined) {
  try {
    if (definition) {
      sessionStorage.setItem(key(datasource, id), JSON.stringify(definition));
    } else {
      sessionStorage.removeItem(key(datasource, id));
    }
  } catch {
    // No place is left, or none is allowed: the draft lives as long as the page.
  }
}
