/** Imports go one way, from file to file and from folder to folder. Those of types alone are not in the bundle, nor here. */
import fs from 'fs';
import path from 'path';
import ts from 'typescript';

type Graph = Map<string, Set<string>>;

const files = fs
  .readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\.d\.ts$/.test(file));

/** What a file imports of this folder, as files relative to it. */
function importsOf(file: string): string[] {
  const source = ts.createSourceFile(file, fs.readFileSync(path.join(__dirname, file), 'utf8'), ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    const from = specifier(node);
    if (from?.startsWith('.')) {
      const target = path.join(path.dirname(file), from);
      found.push(...[`${target}.ts`, `${target}.tsx`].filter((one) => files.includes(one)));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What a node imports for more than its types, by a statement or a call. */
function specifier(node: ts.Node): string | undefined {
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return (node.arguments[0] as ts.StringLiteral).text;
  }
  if (!ts.isImportDeclaration(node) && !ts.isExportDeclaration(node)) {
    return undefined;
  }
  return isOfTypes(node) ? undefined : (node.moduleSpecifier as ts.StringLiteral | undefined)?.text;
}

function isOfTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    return node.isTypeOnly;
  }
  const { importClause: clause } = node;
  const named = clause?.namedBindings;
  const onlyTypes = named && ts.isNamedImports(named) && named.elements.every((element) => element.isTypeOnly);
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || Boolean(onlyTypes && !clause?.name);
}

/** A way that leads back to where it begins, undefined where there is none. */
function circle(graph: Graph): string[] | undefined {
  const done = new Set<string>();
  const walk = (node: string, way: string[]): string[] | undefined => {
    if (way.includes(node)) {
      return [...way.slice(way.indexOf(node)), node];
    }
    if (done.has(node)) {
      return undefined;
    }
    for (const next of graph.get(node) ?? []) {
      const found = walk(next, [...way, node]);
      if (found) {
        return found;
      }
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const found = walk(node, []);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** The same between what `place` makes of the nodes. */
function between(graph: Graph, place: (node: string) => string): Graph {
  const places: Graph = new Map();
  for (const [node, nexts] of graph) {
    const own = place(node);
    const others = [...nexts].map(place).filter((other) => other !== own);
    places.set(own, new Set([...(places.get(own) ?? []), ...others]));
  }
  return places;
}

const imports: Graph = new Map(files.map((file) => [file, new Set(importsOf(file))]));
/** A file that lies in no folder stands for itself. */
const folder = (file: string) => (path.dirname(file) === '.' ? file : path.dirname(file));

it('finds circles', () => {
  const graph = new Map([
    ['a/x', new Set(['b/y'])],
    ['b/y', new Set<string>()],
    ['b/z', new Set(['a/x'])],
  ]);
  expect(circle(graph)).toBeUndefined();
  expect(circle(between(graph, folder))).toEqual(['a', 'b', 'a']);
  expect([...imports.get('datasource/module.ts')!]).toContain('datasource/datasource.ts');
});

it('has no circles between files', () => {
  expect(circle(imports)).toBeUndefined();
});

it('has no circles between folders', () => {
  expect(circle(between(imports, folder))).toBeUndefined();
});
