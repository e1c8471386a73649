import { type RawTimeRange } from '@grafana/data';
import { useCallback, useEffect, useRef, useState } from 'react';

import { type Answer, ask, type Surrounding, type Target } from './ask';
import { messageOf } from './errors';

/** What a view knows of its targets. */
export interface Answers {
  /**
   * By refId: the last answer, which is that of an earlier question as long as `loading` is true. One that is an error has
   * the frames of the answer before, so that what was shown can stay.
   */
  of: Record<string, Answer | undefined>;
  loading: boolean;
  /** Asks everything again. */
  again: () => void;
}

/** How long an answer is as good as a new one, in milliseconds, and how many are kept: Back shows a page at once. */
const AGE = 60_000;
const KEPT = 60;

const known = new Map<string, { at: number; answer: Answer }>();

function remember(key: string, answer: Answer) {
  if (answer.error) {
    return;
  }
  known.delete(key);
  known.set(key, { at: Date.now(), answer });
  if (known.size > KEPT) {
    known.delete(known.keys().next().value!);
  }
}

function recall(key: string): Answer | undefined {
  const found = known.get(key);
  return found && Date.now() - found.at < AGE ? found.answer : undefined;
}

/** Forgets all answers, since something was changed that they may be about. */
export const forgetAnswers = () => known.clear();

/**
 * Answers to what a view asks of a datasource. There is one request at a time, with those targets only whose answer is
 * not known; a new question cancels the one before.
 */
export function useAnswers(datasource: string, targets: Target[], range: RawTimeRange, around?: Surrounding): Answers {
  const [shown, setShown] = useState<{ of: Answers['of']; key: string; datasource: string }>();
  const [round, setRound] = useState(0);
  const asking = JSON.stringify({ targets, range });
  // A dashboard asks anew when something in it has changed, and whenever it is refreshed.
  const dashboard = around ? `${around.requestId} ${around.startTime}` : '';
  const key = `${datasource} ${dashboard} ${round} ${asking}`;
  const surrounding = useRef(around);
  useEffect(() => {
    surrounding.current = around;
  });

  useEffect(() => {
    const { targets, range }: { targets: Target[]; range: RawTimeRange } = JSON.parse(asking);
    const keys = targets.map((target) => JSON.stringify([datasource, dashboard, range, target]));
    const before = keys.map(recall);
    const missing = targets.map((_, i) => i).filter((i) => !before[i]);
    const show = (answers: Answer[]) => {
      missing.forEach((i, n) => remember(keys[i], answers[n]));
      setShown((last) => {
        const kept = (refId: string) => (last?.datasource === datasource ? last.of[refId]?.frames : undefined);
        const of = targets.map(({ refId }, i) => {
          const answer = before[i] ?? answers[missing.indexOf(i)];
          return [refId, answer.error ? { ...answer, frames: kept(refId) ?? [] } : answer];
        });
        return { of: Object.fromEntries(of), key, datasource };
      });
    };
    if (missing.length === 0) {
      show([]);
      return;
    }
    const asked = ask(
      datasource,
      missing.map((i) => targets[i]),
      range,
      surrounding.current
    ).subscribe({
      next: show,
      error: (error) => show(missing.map(() => ({ frames: [], error: messageOf(error) }))),
    });
    return () => asked.unsubscribe();
  }, [datasource, dashboard, asking, key]);

  const again = useCallback(() => {
    forgetAnswers();
    setRound((n) => n + 1);
  }, []);
  // What another datasource answered is nobody's.
  const of = shown?.datasource === datasource ? shown.of : {};
  return { of, loading: shown?.key !== key, again };
}
