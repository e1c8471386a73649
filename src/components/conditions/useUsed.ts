import { useCallback } from 'react';
import { lastValueFrom, of, timeout } from 'rxjs';

import { type Answer, ask, type Target } from '../../api/ask';
import { type Used, usedOf, usedTarget, USUAL_RANGE } from '../../conditions/used';
import { type Attribute } from '../../query/types.gen';

/** What takes longer is left out: what all users have is offered at once. In milliseconds. */
const PATIENCE = 1500;

export type LoadUsed = (attribute: string, search: string) => Promise<Used[]>;

/** What asks for the values that users of a definition have, which is said as JSON; none where there is none. */
export function useUsed(datasource: string, said: string | undefined, attributes: Attribute[]): LoadUsed {
  return useCallback(
    async (attribute, search) => {
      const target = said && usedTarget(attribute, search, JSON.parse(said), attributes);
      const answer = target ? await askOnce(datasource, attribute, target) : undefined;
      return usedOf(answer?.frames[0], search);
    },
    [datasource, said, attributes]
  );
}

/** The last question about an attribute: pages and actions are the same whatever is typed. */
const asked = new Map<string, { question: string; answer: Promise<Answer | undefined> }>();

function askOnce(datasource: string, attribute: string, target: Target): Promise<Answer | undefined> {
  const question = JSON.stringify([datasource, target]);
  const before = asked.get(attribute);
  if (before?.question === question) {
    return before.answer;
  }
  const answer = lastValueFrom(
    ask(datasource, [target], USUAL_RANGE).pipe(timeout({ first: PATIENCE, with: () => of([]) }))
  ).then(
    ([only]) => only,
    () => undefined
  );
  asked.set(attribute, { question, answer });
  return answer;
}
