import { useEffect, useState } from 'react';
import { retry, switchMap, throwError, timer } from 'rxjs';

import { CSV, observeResource } from '../../api/call';
import { isPassing, messageOf } from '../../api/errors';
import { type TableChecked } from '../../query/types.gen';

import { checkQuery, type FileOptions } from './options';

/** How long what is said of a file may rest before it is sent, and the pause where the backend is busy, in milliseconds. */
const REST = 200;
const PAUSE = 1000;
const ATTEMPTS = 5;

export interface Check {
  /** What an upload would find: of what was said before as long as `checking` is true. */
  checked?: TableChecked;
  /** Why nobody knows. */
  refusal?: string;
  checking: boolean;
}

/** What an upload of a file would find; a newer question cancels the one before. */
export function useCheck(datasource: string, text: string | undefined, options: FileOptions): Check {
  const [answer, setAnswer] = useState<{ text?: string; query: string; checked?: TableChecked; refusal?: string }>();
  const query = checkQuery(options);
  useEffect(() => {
    if (text === undefined) {
      return;
    }
    const delay = (error: unknown, n: number) => (isPassing(error) ? timer(PAUSE * n) : throwError(() => error));
    const asking = timer(REST)
      .pipe(
        switchMap(() =>
          observeResource<TableChecked>(datasource, `tables/check?${query}`, {
            method: 'POST',
            data: text,
            headers: CSV,
          })
        ),
        retry({ count: ATTEMPTS, delay })
      )
      .subscribe({
        next: (checked) => setAnswer({ text, query, checked }),
        error: (error) => setAnswer({ text, query, refusal: messageOf(error) }),
      });
    return () => asking.unsubscribe();
  }, [datasource, text, query]);
  const shown = answer?.text === text ? answer : undefined;
  const checking = text !== undefined && shown?.query !== query;
  return { checked: shown?.checked, refusal: checking ? undefined : shown?.refusal, checking };
}
