/** How a session went, to be drawn in one line. */

interface Course {
  views: Array<{ at: number; page: string | null }>;
  marks: Array<{ at: number; kind: string }>;
}

/** A page that was looked at, as parts of the session's time from 0 to 1. */
export interface Block {
  from: number;
  to: number;
  page: string | null;
}

/** What happened at a moment. */
export interface Mark {
  at: number;
  kind: 'action' | 'error' | 'frustration';
  /** What it is called. */
  name: string;
}

/** What is to be drawn of a session that lasted so many milliseconds; nothing where nothing is known. */
export function drawn(text: string | undefined, duration: number): { blocks: Block[]; marks: Mark[] } {
  const { views, marks }: Course = text ? JSON.parse(text) : { views: [], marks: [] };
  const share = (at: number) => (duration > 0 ? Math.min(1, at / duration) : 0);
  return {
    blocks: views.map(({ at, page }, i) => ({
      ...{ page, from: share(at) },
      to: i + 1 < views.length ? share(views[i + 1].at) : 1,
    })),
    marks: marks.map(({ at, kind }) => ({ at: share(at), kind: kindOf(kind), name: kind.replace('_', ' ') })),
  };
}

const kindOf = (kind: string) => (kind === 'action' || kind === 'error' ? kind : 'frustration');
