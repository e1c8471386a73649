/** A part of a filter's text, to be drawn in the colour of its kind. */
export interface Piece {
  text: string;
  kind: Kind;
}

/** Names of attributes, their values, words such as AND, signs such as the colon, variables of dashboards, and the rest. */
export type Kind = 'name' | 'value' | 'keyword' | 'sign' | 'variable' | 'plain';

const VARIABLE = String.raw`\$\{[^}\s]*\}?|\$\w+|\[\[\w*(?::\w*)?\]\]`;
const QUOTED = String.raw`"(?:\\[^]|[^"\\])*"?`;
/** Of a name or word that is not quoted: a variable, an escaped character, or what has no meaning of its own. */
const IN_NAME = String.raw`${VARIABLE}|\\[^]?|[^\s:()[\]"\\$]|\$(?![{\w])`;
const IN_VALUE = String.raw`${VARIABLE}|\\[^]?|[^\s()[\]"\\$]|\$(?![{\w])`;

const at = (pattern: string) => new RegExp(pattern, 'y');
const SPACE = at(String.raw`\s+`);
const KEYWORD = at(String.raw`(?:AND|OR|NOT)(?=$|[\s()\]])|has(?=\()|-`);
const WORD = at(`@?${QUOTED}|(?:${IN_NAME})+`);
const OPERATOR = at('[<>]=?|~');
const VALUE = at(`${QUOTED}|(?:${IN_VALUE})+`);
const OPENING = at(String.raw`\(|\[(?!\[\w*(?::\w*)?\]\])`);
const CLOSING = at(String.raw`[)\]]`);
const JOINING = at(String.raw`(?:OR|TO)(?=$|[\s()\]])`);
const SIGN = at('[^]');

/**
 * Cuts a filter into pieces, which joined give the text again. What is wrong is cut too, as well as it goes: what a filter
 * may say is decided by the backend alone.
 */
export function highlight(text: string): Piece[] {
  const cutter = new Cutter(text);
  while (!cutter.done()) {
    if (cutter.take(SPACE, 'plain') || cutter.take(KEYWORD, 'keyword')) {
      continue;
    }
    const word = cutter.take(WORD, 'plain');
    if (word && cutter.next() === ':') {
      word.kind = 'name';
      cutter.take(SIGN, 'sign');
      takeMatch(cutter);
    } else if (!word) {
      cutter.take(SIGN, 'sign');
    }
  }
  return cutter.pieces.flatMap(cutVariables);
}

/** What stands behind the colon: a value, several in parentheses, or a range in brackets. */
function takeMatch(cutter: Cutter) {
  if (!cutter.take(OPENING, 'sign')) {
    cutter.take(OPERATOR, 'sign');
    cutter.take(VALUE, 'value');
    return;
  }
  while (!cutter.done() && !cutter.take(CLOSING, 'sign')) {
    const isPart = cutter.take(SPACE, 'plain') || cutter.take(JOINING, 'keyword') || cutter.take(VALUE, 'value');
    if (!isPart) {
      cutter.take(SIGN, 'sign');
    }
  }
}

/** Goes through a text. */
class Cutter {
  pieces: Piece[] = [];
  private place = 0;

  constructor(private text: string) {}

  done = () => this.place >= this.text.length;
  next = () => this.text[this.place];

  /** Takes what a pattern finds at this place, if it finds anything. */
  take(pattern: RegExp, kind: Kind): Piece | undefined {
    pattern.lastIndex = this.place;
    const text = pattern.exec(this.text)?.[0];
    if (!text) {
      return undefined;
    }
    const piece = { text, kind };
    this.pieces.push(piece);
    this.place += text.length;
    return piece;
  }
}

/** Grafana puts variables in wherever they stand, in quotes too. */
function cutVariables({ text, kind }: Piece): Piece[] {
  return text
    .split(new RegExp(`(${VARIABLE})`))
    .map((part, i): Piece => ({ text: part, kind: i % 2 === 1 ? 'variable' : kind }))
    .filter((piece) => piece.text);
}

/** Whether Grafana may put something in when the query is sent, so that positions in what was sent are others. */
export const hasVariables = (text: string) => new RegExp(VARIABLE).test(text);

/**
 * Which piece holds a position, which counts characters from 1; the number of pieces for the end of the text, where
 * something is missing.
 */
export function pieceAt(pieces: Piece[], position: number): number {
  let end = 0;
  const found = pieces.findIndex(({ text }) => (end += [...text].length) >= position);
  return found < 0 ? pieces.length : found;
}
