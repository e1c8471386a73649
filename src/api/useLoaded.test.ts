import { act, renderHook } from '@testing-library/react';

import { useLoaded } from './useLoaded';

const NONE: string[] = [];

/** A list that comes when a test says so. */
function delayed() {
  let bring: (list: string[]) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const list = new Promise<string[]>((resolve, reject) => {
    bring = resolve;
    fail = reject;
  });
  return { load: () => list, bring, fail };
}

it('shows nothing of one source on another', async () => {
  const first = delayed();
  const second = delayed();
  const shown: string[][] = [];
  const { rerender } = renderHook(
    ({ load }) => {
      shown.push(useLoaded(load, NONE));
    },
    { initialProps: first }
  );
  await act(async () => first.bring(['of the first']));
  expect(shown.at(-1)).toEqual(['of the first']);

  const before = shown.length;
  rerender(second);
  expect(shown.slice(before).every((list) => list === NONE)).toBe(true);
  await act(async () => second.bring(['of the second']));
  expect(shown.at(-1)).toEqual(['of the second']);
});

it('does without where the source cannot say', async () => {
  const broken = delayed();
  const { result } = renderHook(() => useLoaded(broken.load, NONE));
  await act(async () => broken.fail(new Error('no')));
  expect(result.current).toBe(NONE);
});
