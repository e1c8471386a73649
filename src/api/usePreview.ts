import { useCallback, useEffect, useState } from 'react';
import { retry, switchMap, throwError, timer } from 'rxjs';

import { type SegmentDefinition, type SegmentPreview } from '../query/types.gen';

import { observeResource } from './call';
import { isPassing, messageOf, pathOf } from './errors';
import { newId } from './ids';

/** How long a definition may rest before it is asked for, and pauses after the backend had no time, in milliseconds. */
const REST = 500;
const PAUSE = 1000;
const ATTEMPTS = 5;

export interface Previewed {
  /** The last answer, which is that of an earlier definition as long as `counting` is true. */
  preview?: SegmentPreview;
  /** Why there is none, and where in the definition. */
  refusal?: { message: string; path?: string };
  counting: boolean;
  again: () => void;
}

/** What a definition would yield now, asked when it has rested for a moment; a newer one cancels the one before. */
export function usePreview(datasource: string, definition?: SegmentDefinition): Previewed {
  const [answer, setAnswer] = useState<{ to: string; preview?: SegmentPreview; refusal?: Previewed['refusal'] }>();
  const [round, setRound] = useState(0);
  // The backend keeps one preview for each view of a person.
  const [view] = useState(newId);
  const body = definition && JSON.stringify(definition);
  const asked = `${datasource} ${round} ${body}`;
  useEffect(() => {
    if (!body) {
      return;
    }
    const question = { method: 'POST' as const, data: JSON.parse(body) };
    const delay = (error: unknown, n: number) => (isPassing(error) ? timer(PAUSE * n) : throwError(() => error));
    const asking = timer(REST)
      .pipe(
        switchMap(() => observeResource<SegmentPreview>(datasource, `segments/preview?view=${view}`, question)),
        retry({ count: ATTEMPTS, delay })
      )
      .subscribe({
        next: (preview) => setAnswer({ to: asked, preview }),
        error: (error) => setAnswer({ to: asked, refusal: { message: messageOf(error), path: pathOf(error) } }),
      });
    return () => asking.unsubscribe();
  }, [datasource, body, asked, view]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const shown = body ? answer : undefined;
  return { preview: shown?.preview, refusal: shown?.refusal, counting: Boolean(body) && answer?.to !== asked, again };
}
