/**
 * A loader that puts texts in the place of their keys, so that each file carries the few that it shows. A text without
 * placeholders needs no call either: a module that says nothing else carries no list of texts at all.
 *
 * What says its key otherwise than as t('key') finds its text in src/text.ts still, where the other texts are left out.
 */
import fs from 'fs';
import path from 'path';
import { type LoaderContext } from 'webpack';

const source = path.join(process.cwd(), 'src');
const textsFile = path.join(source, 'text.ts');

const ENTRY = /^ {2}'([^']+)':\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),\n/gm;
const CALL = /\bt\(\s*'([^']+)'(\s*\))?/g;
const TEMPLATE = /`([a-z]\w*\.[^`\s]*\$\{[^`]*)`/g;

export default function texts(this: LoaderContext<object>, code: string): string {
  this.addDependency(textsFile);
  if (this.resourcePath === textsFile) {
    this.addContextDependency(source);
    const isLooked = lookedUp();
    return code.replace(ENTRY, (entry, key) => (isLooked(key) ? entry : ''));
  }
  const all = entries();
  return code.replace(CALL, (call, key, end) => (all.has(key) ? `${end ? '' : 't'}(${all.get(key)}${end ?? ''}` : call));
}

/** The texts by key, as they stand in the file, in quotes. */
export function entries(): Map<string, string> {
  const code = fs.readFileSync(textsFile, 'utf8');
  return new Map([...code.matchAll(ENTRY)].map(([, key, text]) => [key, text]));
}

/** The keys that stand in calls, whose texts are put there. */
export const called = () => new Set([...otherCode().matchAll(CALL)].map(([, key]) => key));

/** Whether a key is looked up while the program runs. */
export function lookedUp(): (key: string) => boolean {
  const code = otherCode().replace(CALL, '');
  const templates = [...code.matchAll(TEMPLATE)].map(([, template]) => patternOf(template));
  return (key) => code.includes(`'${key}'`) || templates.some((pattern) => pattern.test(key));
}

/** All code but the texts themselves. */
function otherCode(): string {
  return fs
    .readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => path.join(source, file))
    .filter((file) => file !== textsFile)
    .map((file) => fs.readFileSync(file, 'utf8'))
    .join('\n');
}

/** What a template with expressions can become. */
function patternOf(template: string): RegExp {
  const fixed = template.split(/\$\{(?:[^{}'`]|'[^']*')*\}/);
  return new RegExp(`^${fixed.map((part) => part.replaceAll('.', '\\.')).join('.+')}$`);
}
