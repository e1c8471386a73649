import fc from 'fast-check';

import { definitions } from './arbitrary';
import { readDefinition } from './json';
import { countUnfinished, finishedPart, toDraft } from './tree';
import { rowWords } from './words';

it('reads every definition', () => {
  fc.assert(
    fc.property(definitions, (definition) =>
      expect(readDefinition(JSON.stringify(definition, null, 2))).toEqual(definition)
    )
  );
});

it.each([
  ['{', 'JSON'],
  ['[]', 'A definition is an object'],
  ['{}', 'where: must have exactly one of all, any'],
  ['{"where": {}}', 'where: must have exactly one of'],
  ['{"where": {"users": "plan:pro", "did": {"event": "page:/a"}}}', 'where: must have exactly one of'],
  ['{"where": {"all": [{"users": "a"}, {"anyone": []}]}}', 'where.all[1]: must have exactly one of'],
  ['{"where": {"any": []}}', 'where.any: must be a list'],
  ['{"where": {"not": {"users": 5}}}', 'where.not.users: must be a text'],
  ['{"where": {"did": {}}}', 'where.did.event: must be a text'],
  ['{"where": {"sequence": null}}', 'where.sequence: must be an object'],
  ['{"where": {"sequence": {"steps": [{"event": 1}]}}}', 'where.sequence.steps[0].event: must be a text'],
])('refuses %s', (text, problem) => expect(() => readDefinition(text)).toThrow(problem));

it('takes nothing that the builder cannot draw', () => {
  const strange = fc.json({ maxDepth: 4 }).map((inner) => `{"where": ${inner}}`);
  const close = definitions.chain((definition) =>
    fc
      .tuple(fc.nat(1000), fc.constantFrom('null', '5', '""', '{}', '[]'))
      .map(([at, other]) => replaceNth(JSON.stringify(definition), at, other))
  );
  fc.assert(
    fc.property(fc.oneof(strange, close), (text) => {
      let read;
      try {
        read = readDefinition(text);
      } catch {
        return;
      }
      let n = 0;
      const draft = toDraft(read, () => `n${++n}`);
      countUnfinished(draft.where);
      finishedPart(draft);
      if (draft.where.kind !== 'group') {
        rowWords(draft.where, { attributes: [], segments: [] });
      }
    }),
    { numRuns: 500 }
  );
});

/** The text with another value in the place of one of its own, where there is a text in quotes. */
function replaceNth(text: string, n: number, other: string): string {
  const values = [...text.matchAll(/:("(?:[^"\\]|\\.)*"|\d+|true|false)/g)];
  if (values.length === 0) {
    return text;
  }
  const { index, 0: found } = values[n % values.length];
  return `${text.slice(0, index)}:${other}${text.slice(index + found.length)}`;
}
