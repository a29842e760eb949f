import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isReallyInside, realPathOf } from '../../../src/host/files/real-path';
import { tempFolder } from '../../support/temp-folder';

describe('real paths', () => {
  const base = realpathSync(tempFolder());
  const workspace = path.join(base, 'workspace');
  const outside = path.join(base, 'outside');
  mkdirSync(path.join(workspace, 'inner'), { recursive: true });
  mkdirSync(outside);
  symlinkSync(outside, path.join(workspace, 'assets'));
  symlinkSync(path.join(workspace, 'inner'), path.join(workspace, 'within'));
  symlinkSync(path.join(base, 'nowhere'), path.join(workspace, 'dangling'));
  symlinkSync(workspace, path.join(base, 'alias'));
  symlinkSync('loop', path.join(workspace, 'loop'));
  writeFileSync(path.join(workspace, 'file'), '');

  it('add what does not exist yet to what does', async () => {
    assert.equal(
      await realPathOf(path.join(workspace, 'assets/new/a.png')),
      path.join(outside, 'new/a.png'),
    );
    assert.equal(
      await realPathOf(path.join(workspace, 'within/a.png')),
      path.join(workspace, 'inner/a.png'),
    );
  });

  const cases: readonly (readonly [string, boolean])[] = [
    ['workspace/a.png', true],
    ['workspace/new/deep/a.png', true],
    ['workspace/within/new/a.png', true],
    ['workspace/..a/a.png', true],
    ['alias/new/a.png', true],
    ['workspace', true],
    ['workspace/assets/a.png', false],
    ['workspace/assets/../../outside/a.png', false],
    ['workspace/inner/../../outside/a.png', false],
    ['workspace-2/a.png', false],
    ['alias/assets/new/a.png', false],
  ];
  for (const [file, expected] of cases) {
    it(`${file} is ${expected ? '' : 'not '}in the workspace`, async () => {
      assert.equal(await isReallyInside(path.join(base, file), [workspace]), expected);
      assert.equal(
        await isReallyInside(path.join(base, file), [path.join(base, 'alias')]),
        expected,
      );
    });
  }

  it('allow each of several folders', async () => {
    assert.equal(
      await isReallyInside(path.join(workspace, 'assets/a.png'), [workspace, outside]),
      true,
    );
  });

  it('are unknown below a link that leads to nothing or to itself', async () => {
    await assert.rejects(realPathOf(path.join(workspace, 'dangling/a.png')), { code: 'ENOENT' });
    await assert.rejects(realPathOf(path.join(workspace, 'loop/a.png')), { code: 'ELOOP' });
  });
});
