/** What is said of a file that is to become a table. */
import { type AttributeType, type TableChecked, type TableFirstLine, type TableIdentity } from '../../query/types.gen';

/** What is missing is guessed by the backend. */
export interface FileOptions {
  delimiter?: string;
  firstLine?: TableFirstLine;
  /** The column that tells the user. */
  key?: string;
  identity?: TableIdentity;
  /** By column, instead of what its values suggest. */
  types: Record<string, AttributeType>;
  /** Rows that would keep the file from being stored are left out. */
  leaveOut?: boolean;
}

export const GUESS: FileOptions = { types: {} };

/** Other columns come of another delimiter, so that what was said of the old ones goes. */
export const withDelimiter = (delimiter: string): FileOptions => ({ ...GUESS, delimiter });

/** Columns get other names, so that what was said of them by name goes. */
export const withFirstLine = ({ delimiter, leaveOut }: FileOptions, firstLine: TableFirstLine): FileOptions => ({
  ...GUESS,
  ...(delimiter && { delimiter }),
  ...(leaveOut && { leaveOut }),
  firstLine,
});

/** What the new column holds is guessed anew. */
export const withKey = (options: FileOptions, key: string): FileOptions => ({ ...options, key, identity: undefined });

export const withType = (options: FileOptions, column: string, type: AttributeType): FileOptions => ({
  ...options,
  types: { ...options.types, [column]: type },
});

/** The parameters of a check. */
export function checkQuery({ delimiter, firstLine, key, identity, types, leaveOut }: FileOptions): string {
  const said = Object.entries({ delimiter: delimiterName(delimiter), firstLine, key, identity }).filter(
    (entry): entry is [string, string] => Boolean(entry[1])
  );
  return new URLSearchParams([
    ...said,
    ...Object.entries(types).map(([column, type]) => ['type', `${column}:${type}`]),
    ...(leaveOut ? [['leaveOut', 'true']] : []),
  ]).toString();
}

/** The parameters of the upload that stores what a check has found. */
export const uploadQuery = (
  options: FileOptions,
  { delimiter, firstLine, key, identity }: TableChecked,
  name: string,
  file: string
) => `${new URLSearchParams({ name, file })}&${checkQuery({ ...options, delimiter, firstLine, key, identity })}`;

/** A tab would not survive in an address. */
const delimiterName = (delimiter?: string) => (delimiter === '\t' ? 'tab' : delimiter);

/** What is wrong in a row: as a whole, and by column. */
export interface RowProblems {
  row: string[];
  cells: Record<string, string>;
}

/** What would refuse or reject rows, by line. What is not about a line is under 0. */
export function problemsByLine({ problems, samples, key }: Pick<TableChecked, 'problems' | 'samples' | 'key'>) {
  const lines = new Map<number, RowProblems>();
  const at = (line: number) => {
    const found = lines.get(line) ?? { row: [], cells: {} };
    lines.set(line, found);
    return found;
  };
  for (const { line = 0, column, problem } of problems) {
    if (column) {
      at(line).cells[column] = problem;
    } else {
      at(line).row.push(problem);
    }
  }
  for (const { line, reason } of samples) {
    at(line).cells[key] = reason;
  }
  return lines;
}
