import { act, renderHook } from '@testing-library/react';

import { type FootfallDatasource } from '../datasource';

import { useLoaded } from './useLoaded';

const NONE: string[] = [];

/** A datasource whose list comes when a test says so. */
function delayed() {
  let bring: (list: string[]) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const list = new Promise<string[]>((resolve, reject) => {
    bring = resolve;
    fail = reject;
  });
  return { datasource: { list } as unknown as FootfallDatasource, bring, fail };
}

const load = (datasource: FootfallDatasource) => (datasource as unknown as { list: Promise<string[]> }).list;

it('shows nothing of one datasource on another', async () => {
  const first = delayed();
  const second = delayed();
  const shown: string[][] = [];
  const { rerender } = renderHook(
    ({ datasource }) => {
      shown.push(useLoaded(datasource, load, NONE));
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

it('does without where a datasource cannot say', async () => {
  const broken = delayed();
  const { result } = renderHook(() => useLoaded(broken.datasource, load, NONE));
  await act(async () => broken.fail(new Error('no')));
  expect(result.current).toBe(NONE);
});
