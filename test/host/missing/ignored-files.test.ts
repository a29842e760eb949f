import assert from 'node:assert/strict';
import path from 'node:path';
import { IgnoredFiles } from '../../../src/host/missing/ignored-files';
import { Lookup } from '../../../src/host/sites/lookup';
import { DISK, projectFolder } from '../../support/project-files';

describe('files that are not searched', () => {
  const root = projectFolder({
    '.gitignore': '# made\n/public/\n*.gen.md\n!keep.gen.md\nlogs\n',
    'docs/.gitignore': 'drafts/\n!b.gen.md\n',
    'build/page.md': '',
  });
  const ignored = (file: string, target = '') =>
    new IgnoredFiles(root, path.join(root, target), new Lookup(DISK)).has(path.join(root, file));

  const cases: readonly (readonly [string, boolean])[] = [
    ['a.md', false],
    ['docs/a.md', false],
    ['node_modules/x/a.md', true],
    ['packages/x/node_modules/y/a.md', true],
    ['.git/a.md', true],
    ['dist/a.html', true],
    ['.next/server/a.html', true],
    ['public/a.html', true],
    ['docs/public/a.html', false],
    ['a.gen.md', true],
    ['docs/deep/a.gen.md', true],
    ['keep.gen.md', false],
    ['docs/b.gen.md', false],
    ['docs/drafts/a.md', true],
    ['docs/x/drafts/a.md', true],
    ['drafts/a.md', false],
    ['x/logs/a.md', true],
  ];
  for (const [file, expected] of cases) {
    it(`${expected ? 'are' : 'are not'} ${file}`, async () => {
      assert.equal(await ignored(file), expected);
    });
  }

  it('are those of a folder that was chosen itself, by their own names', async () => {
    assert.equal(await ignored('build/page.md'), true);
    assert.equal(await ignored('build/page.md', 'build'), false);
    assert.equal(await ignored('build/node_modules/page.md', 'build'), true);
    assert.equal(await ignored('public/page.html', 'public'), false);
    assert.equal(await ignored('public/a.gen.md', 'public'), true);
  });
});
