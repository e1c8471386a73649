/** What is built and not stored yet, kept in this browser window: it outlives a reload and a lost login. */
import { type SegmentDefinition } from '../../query/types.gen';

export interface KeptDraft {
  definition: SegmentDefinition;
  /** What stood at its place when it was kept, where it is of no use with anything else. */
  onto?: string;
}

const key = (datasource: string, name: string) => `footfall.segment.${datasource}.${name}`;

export function readDraft(datasource: string, name: string): KeptDraft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(datasource, name)) ?? 'null') as KeptDraft | null;
    return kept?.definition?.where ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a draft, or forgets it where there is none. */
export function keepDraft(datasource: string, name: string, draft: KeptDraft | undefined) {
  try {
    if (draft) {
      sessionStorage.setItem(key(datasource, name), JSON.stringify(draft));
    } else {
      sessionStorage.removeItem(key(datasource, name));
    }
  } catch {
    // No place is left, or none is allowed: the draft lives as long as the page.
  }
}
