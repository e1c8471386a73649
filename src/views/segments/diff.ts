/** What a change of a segment changed. */
import { type SegmentChange, type SegmentContent } from '../../query/types.gen';
import { t } from '../../text';

export interface DiffLine {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** The lines of both texts in one order, with as many the same as can be; what went stands before what came. */
export function diffLines(before: string[], after: string[]): DiffLine[] {
  // length[i][j]: how many lines before[i..] and after[j..] have in common.
  const length = before.map(() => new Array<number>(after.length + 1).fill(0));
  length.push(new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      length[i][j] = before[i] === after[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: 'same', text: before[i++] });
      j++;
    } else if (i < before.length && (j === after.length || length[i + 1][j] >= length[i][j + 1])) {
      lines.push({ kind: 'gone', text: before[i++] });
    } else {
      lines.push({ kind: 'new', text: after[j++] });
    }
  }
  return lines;
}

/** What a segment said by a change. */
export const contentOf = ({ content }: SegmentChange) => content as Partial<SegmentContent>;

/** The same as JSON, line by line; nothing of what was not there. */
export const linesOf = (change: SegmentChange | undefined): string[] =>
  change ? JSON.stringify(change.content, null, 2).split('\n') : [];

/** A change in words, compared with the one before it, where there is one. */
export function wordsOf(change: SegmentChange, last: SegmentChange | undefined): string[] {
  if (change.change === 'deleted' || change.change === 'restored') {
    return [];
  }
  if (!last || change.change === 'created') {
    return change.sentence ? [t('history.says', { now: change.sentence })] : [];
  }
  const [before, after] = [contentOf(last), contentOf(change)];
  const words = [
    ...differing('history.name', before.name, after.name),
    ...differing('history.description', before.description, after.description),
    ...differing('history.said', last.sentence, change.sentence),
    ...differing('history.schedule', scheduleOf(before), scheduleOf(after)),
  ];
  if (words.length > 0) {
    return words;
  }
  const same = JSON.stringify(before) === JSON.stringify(after);
  return [t(after.kind === 'static' ? 'history.list' : same ? 'history.same' : 'history.otherwise')];
}

type Comparison = 'history.name' | 'history.description' | 'history.said' | 'history.schedule';

const differing = (key: Comparison, before = '', after = '') =>
  before === after ? [] : [t(key, { before: before || t('common.missing'), now: after || t('common.missing') })];

const scheduleOf = ({ refreshMinutes }: Partial<SegmentContent>) =>
  refreshMinutes ? t('history.every', { minutes: refreshMinutes }) : t('history.onDemand');
