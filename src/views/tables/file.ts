/** What a person's file holds, as text that can be sent. */
import { type TableFirstLine } from '../../query/types.gen';
import { t, type TextKey } from '../../text';

/** What a table may have through Grafana, in bytes. */
export const MAX_BYTES = 4 * 2 ** 20;

export interface FileText {
  name: string;
  text: string;
  /** It was no UTF-8, and read as what most spreadsheets write then. */
  isGuessed: boolean;
}

/** First bytes of what is no text. */
const NO_TEXT: Array<[number[], TextKey]> = [
  [[0x50, 0x4b, 0x03, 0x04], 'tables.workbook'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'tables.workbook'],
  [[0x1f, 0x8b], 'tables.compressed'],
];

/** Reads a file, or tells in an Error for people why it is none. */
export async function readFile(file: File): Promise<FileText> {
  if (file.size > MAX_BYTES) {
    throw new Error(t('tables.large', { size: (file.size / 2 ** 20).toFixed(1) }));
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const other = NO_TEXT.find(([head]) => head.every((byte, i) => bytes[i] === byte));
  if (other) {
    throw new Error(t(other[1]));
  }
  return { name: file.name, ...decode(bytes) };
}

/** Text of bytes: UTF-8, UTF-16 with its mark, or else the code page of western Windows, which knows every byte. */
export function decode(bytes: Uint8Array): Omit<FileText, 'name'> {
  const [first, second] = bytes;
  const utf16 = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : '';
  try {
    return { text: new TextDecoder(utf16 || 'utf-8', { fatal: true }).decode(bytes), isGuessed: false };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), isGuessed: true };
  }
}

/** The name of a table as filters will know it, made of what a person types: "Premium users.csv" gives premium_users_csv. */
export const tableName = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/^[^a-z]+/, '')
    .replace(/[^a-z0-9_]/gu, '_');

/** The name that a file suggests for its table. */
export const nameOfFile = (file: string) =>
  tableName(file.replace(/\.[a-z]+$/i, ''))
    .replace(/_+/g, '_')
    .replace(/_$/, '');

/** A file of one column as a list that says by its first line what it holds. */
export const asList = (text: string, identity: string, firstLine: TableFirstLine) =>
  `${identity}\n${text.replace(firstLine === 'row' ? /^sep=.*(\r?\n|$)/i : /^(sep=.*\r?\n)?.*(\r?\n|$)/i, '')}`;
