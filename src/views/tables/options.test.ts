import { type TableChecked } from '../../query/types.gen';

import {
  checkQuery,
  GUESS,
  problemsByLine,
  uploadQuery,
  withDelimiter,
  withFirstLine,
  withKey,
  withType,
} from './options';

test('what is not said is not asked', () => {
  expect(checkQuery(GUESS)).toBe('');
  const said = withType(withKey(withDelimiter('\t'), 'e_mail'), 'seats', 'number');
  expect(checkQuery({ ...said, identity: 'usr.email' })).toBe(
    'delimiter=tab&key=e_mail&identity=usr.email&type=seats%3Anumber'
  );
  expect(checkQuery({ ...GUESS, leaveOut: true })).toBe('leaveOut=true');
});

test('what was said of columns goes where they become others', () => {
  const said = withType({ ...withKey(GUESS, 'a'), identity: 'usr.name' }, 'b', 'text');
  expect(withKey(said, 'b')).toEqual({ key: 'b', identity: undefined, types: { b: 'text' } });
  expect(withDelimiter(';')).toEqual({ delimiter: ';', types: {} });
  expect(withFirstLine({ ...said, delimiter: ';', leaveOut: true }, 'row')).toEqual({
    ...{ delimiter: ';', firstLine: 'row', leaveOut: true, types: {} },
  });
});

test('an upload stores what the check has found', () => {
  const checked = { delimiter: ';', firstLine: 'row', key: 'id', identity: 'usr.id' } as TableChecked;
  expect(uploadQuery(withType(GUESS, 'a', 'text'), checked, 'vip', 'v i p.csv')).toBe(
    'name=vip&file=v+i+p.csv&delimiter=%3B&firstLine=row&key=id&identity=usr.id&type=a%3Atext'
  );
});

test('problems stand at their cell, or at their row', () => {
  const lines = problemsByLine({
    key: 'id',
    problems: [{ line: 3, problem: 'too long' }, { line: 4, column: 'n', problem: 'no number' }, { problem: 'a name' }],
    samples: [{ line: 4, reason: 'the key is empty' }],
  });
  expect(Object.fromEntries(lines)).toEqual({
    0: { row: ['a name'], cells: {} },
    3: { row: ['too long'], cells: {} },
    4: { row: [], cells: { n: 'no number', id: 'the key is empty' } },
  });
});
