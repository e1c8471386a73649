import { asList, decode, nameOfFile, readFile, tableName } from './file';

const bytes = (...parts: Array<string | number[]>) =>
  new Uint8Array(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part)] : part)));

test('a file is text of some encoding', () => {
  expect(decode(bytes([0xef, 0xbb, 0xbf], 'Stück'))).toEqual({ text: 'Stück', isGuessed: false });
  expect(decode(bytes([0xff, 0xfe, 0x41, 0, 0xfc, 0]))).toEqual({ text: 'Aü', isGuessed: false });
  expect(decode(bytes([0xfe, 0xff, 0, 0x41]))).toEqual({ text: 'A', isGuessed: false });
  expect(decode(bytes('St', [0xfc], 'ck'))).toEqual({ text: 'Stück', isGuessed: true });
  expect(decode(bytes())).toEqual({ text: '', isGuessed: false });
});

test('what is no text, or too much, is told apart', async () => {
  const file = (content: Uint8Array) => {
    const { buffer, length } = content;
    return { name: 'a.csv', size: length, arrayBuffer: async () => buffer } as unknown as File;
  };
  await expect(readFile(file(bytes([0x50, 0x4b, 3, 4])))).rejects.toThrow('workbook');
  await expect(readFile(file(bytes([0x1f, 0x8b])))).rejects.toThrow('compressed');
  await expect(readFile(file(new Uint8Array(5 * 2 ** 20)))).rejects.toThrow('5.0 MB');
  await expect(readFile(file(bytes('id\n1\n')))).resolves.toEqual({ name: 'a.csv', text: 'id\n1\n', isGuessed: false });
});

test('names are those that the backend makes', () => {
  expect(tableName(' 23 Premium-Users 2 ')).toBe('premium_users_2');
  expect(tableName('プラン')).toBe('');
  expect(nameOfFile('Premium users (1).csv')).toBe('premium_users_1');
});

test('a list says by its first line what it holds', () => {
  expect(asList('Contact\nann@x.org\n', 'usr.email', 'names')).toBe('usr.email\nann@x.org\n');
  expect(asList('sep=;\r\nContact\r\nann@x.org', 'usr.email', 'names')).toBe('usr.email\nann@x.org');
  expect(asList('Contact', 'usr.id', 'names')).toBe('usr.id\n');
  expect(asList('sep=;\nann@x.org\nbob@x.org', 'usr.email', 'row')).toBe('usr.email\nann@x.org\nbob@x.org');
});
