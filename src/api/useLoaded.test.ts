import { act, renderHook } from '@testing-library/react';

import { useLoaded } from './useLoaded';

/** A list that comes when a test says so, again and again. */
function delayed() {
  const waiting: Array<{ bring: (list: string[]) => void; fail: (error: Error) => void }> = [];
  const load = () => new Promise<string[]>((bring, fail) => waiting.push({ bring, fail }));
  const settle = (how: (one: (typeof waiting)[number]) => void) => act(async () => how(waiting.shift()!));
  return {
    load,
    bring: (...list: string[]) => settle(({ bring }) => bring(list)),
    fail: (message: string) => settle(({ fail }) => fail(new Error(message))),
  };
}

it('shows nothing of one source on another', async () => {
  const first = delayed();
  const second = delayed();
  const shown: Array<string[] | undefined> = [];
  const { rerender } = renderHook(
    ({ load }) => {
      shown.push(useLoaded(load).value);
    },
    { initialProps: first }
  );
  await first.bring('of the first');
  expect(shown.at(-1)).toEqual(['of the first']);

  const before = shown.length;
  rerender(second);
  expect(shown.slice(before).every((list) => list === undefined)).toBe(true);
  await second.bring('of the second');
  expect(shown.at(-1)).toEqual(['of the second']);
});

it('loads again, and keeps what is shown until then and where that fails', async () => {
  const source = delayed();
  const { result } = renderHook(() => useLoaded(source.load));
  await source.fail('no');
  expect(result.current).toMatchObject({ value: undefined, error: 'no' });
  act(result.current.again);
  await source.bring('first');
  expect(result.current).toMatchObject({ value: ['first'], error: undefined });
  act(result.current.again);
  expect(result.current.value).toEqual(['first']);
  await source.fail('not now');
  expect(result.current).toMatchObject({ value: ['first'], error: 'not now' });
});
