import fs from 'fs';
import path from 'path';

import loader, { called, entries, lookedUp } from '../.config/webpack/texts';

import { t } from './text';

const read = (file: string) => fs.readFileSync(path.join(__dirname, file), 'utf8');

/** What the build makes of a file. */
function built(file: string, code = read(file)): string {
  const context = { resourcePath: path.join(__dirname, file), addDependency: () => {}, addContextDependency: () => {} };
  return loader.call(context as unknown as ThisParameterType<typeof loader>, code);
}

it('fills in values and leaves unknown placeholders', () => {
  expect(t('common.copy', { what: '$1 {x}' })).toBe('Copy $1 {x}');
  expect(t('common.copy')).toBe('Copy {what}');
});

it('has every text in a form that the build finds', () => {
  const keys = read('text.ts').match(/^ {2}'/gm) ?? [];
  expect(entries().size).toBe(keys.length);
});

it('has no text that nobody shows', () => {
  const [inCalls, isLooked] = [called(), lookedUp()];
  expect([...entries().keys()].filter((key) => !inCalls.has(key) && !isLooked(key))).toEqual([]);
});

it('is built with each text where it is shown, or where it is looked up', () => {
  const code = "t('common.undo'); t(`sessions.kind.${kind}`); t('no.key'); set('common.undo')";
  expect(built('components/Chip.tsx', code)).toBe(
    "('Undo'); t(`sessions.kind.${kind}`); t('no.key'); set('common.undo')"
  );
  const texts = built('text.ts');
  expect(texts).toContain("'sessions.kind.view': ");
  expect(texts).toContain("'tables.identity.usr.id': ");
  expect(texts).not.toContain("'user.topPages': ");
  expect(texts).toContain('export function t(');
});
