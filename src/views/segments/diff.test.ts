import fc from 'fast-check';

import { type SegmentChange } from '../../query/types.gen';

import { diffLines, linesOf, wordsOf } from './diff';

it('shows both texts whole, and no more lines than needed', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const without = (kind: string) => lines.filter((line) => line.kind !== kind).map((line) => line.text);
      expect(without('new')).toEqual(before);
      expect(without('gone')).toEqual(after);
      expect(diffLines(before, before).every(({ kind }) => kind === 'same')).toBe(true);
    })
  );
  const marked = diffLines(['a', 'b', 'c', 'd'], ['a', 'c', 'x', 'd']).map(({ kind, text }) => `${kind} ${text}`);
  expect(marked).toEqual(['same a', 'gone b', 'same c', 'new x', 'same d']);
});

const change = (change: SegmentChange['change'], content: object, sentence?: string): SegmentChange => ({
  ...{ version: 1, change, changedAt: '2026-01-01T00:00:00Z', changedBy: 'ann', sentence },
  content: { id: 'a', name: 'A', kind: 'dynamic', refreshMinutes: 60, ...content },
});

it('says a change in words', () => {
  const created = change('created', {}, 'users who viewed /cart');
  expect(wordsOf(created, undefined)).toEqual(['It says: users who viewed /cart']);
  const updated = change('updated', { name: 'B', refreshMinutes: null }, 'users who viewed /home');
  expect(wordsOf(updated, created)).toEqual([
    'Name: A → B',
    'It said: users who viewed /cart. Now: users who viewed /home',
    'Computed: every 60 minutes → on demand',
  ]);
  expect(wordsOf(change('updated', { description: 'x' }, updated.sentence), created)[0]).toBe('Description: – → x');
  expect(wordsOf(change('deleted', {}), created)).toEqual([]);
});

it('tells what no word is for', () => {
  const list = change('created', { kind: 'static' });
  expect(wordsOf(change('updated', { kind: 'static' }), list)).toEqual(['Its list was replaced']);
  const zoned = (timeZone: string) => change('updated', { definition: { timeZone } }, 'users who viewed /cart');
  expect(wordsOf(zoned('UTC'), zoned('UTC'))).toEqual(['Saved as it was']);
  expect(wordsOf(zoned('UTC'), zoned('Europe/Berlin'))).toEqual(['Something that the JSON tells']);
});

it('writes what was not there as nothing', () => {
  expect(linesOf(undefined)).toEqual([]);
  expect(linesOf(change('created', {}))).toContain('  "name": "A",');
});
