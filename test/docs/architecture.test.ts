import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../support/paths';

const page = readFileSync(path.join(ROOT, 'docs', 'ARCHITECTURE.md'), 'utf8');

/** The names in the first column of the table below a line. */
function tableBelow(line: string): string[] {
  const [, rest = ''] = page.split(`\n${line}\n\n`);
  const [table = ''] = rest.split('\n\n');
  return [...table.matchAll(/^\| (`[^|]+?)\s*\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}

function foldersIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

describe('docs/ARCHITECTURE.md', () => {
  const described: Readonly<Record<string, string>> = {
    'src/core': '`src/core`:',
    'src/engine': '`src/engine`, from the highest to the lowest:',
    'src/host': '`src/host`:',
  };
  for (const [folder, line] of Object.entries(described)) {
    it(`describes every folder of ${folder}, and no other`, () => {
      assert.deepEqual(tableBelow(line).sort(), foldersIn(folder));
    });
  }

  it('describes every layer', () => {
    const [, layers = ''] = page.split('\n## Layers\n');
    const missing = foldersIn('src').filter((name) => !layers.includes(`| \`src/${name}\``));
    assert.deepEqual(missing, []);
  });
});
