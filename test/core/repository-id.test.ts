import assert from 'node:assert/strict';
import {
  isRepoId,
  isRevision,
  parseRepositoryId,
  splitRepositoryFile,
  splitRepositoryId,
} from '../../src/core/repository-id';

describe('repository ids', () => {
  it('are split at the first @', () => {
    assert.deepEqual(splitRepositoryId('a/b'), { repoId: 'a/b' });
    assert.deepEqual(splitRepositoryId('a/b@v1@x'), { repoId: 'a/b', revision: 'v1@x' });
  });

  it('are split from a file of weights', () => {
    const file = (repository: string, name: string) => ({ repository, file: name });
    assert.deepEqual(splitRepositoryFile('a/b/c.pth'), file('a/b', 'c.pth'));
    assert.deepEqual(splitRepositoryFile('a/b/c.gguf'), file('a/b', 'c.gguf'));
    assert.deepEqual(
      splitRepositoryFile('a/b@v1/c/d.safetensors'),
      file('a/b@v1', 'c/d.safetensors'),
    );
    assert.deepEqual(splitRepositoryFile('a/b'), { repository: 'a/b', file: undefined });
    for (const id of ['a/b@refs/pr/1', 'a/b/c', 'a/b.pth', 'a/b/c.png', 'a/b/../c.pth']) {
      assert.equal(splitRepositoryFile(id), undefined, id);
    }
  });

  it('have the revision main by default', () => {
    assert.deepEqual(parseRepositoryId('a/b'), { repoId: 'a/b', revision: 'main' });
    assert.deepEqual(parseRepositoryId('a/b@refs/pr/1'), { repoId: 'a/b', revision: 'refs/pr/1' });
    for (const wrong of ['', 'a/b@', 'a/b/c', '../b', 'a/b@..', 'a--b/c']) {
      assert.throws(() => parseRepositoryId(wrong), { code: 'bad-request' }, wrong);
    }
  });

  it('never lead out of a folder', () => {
    assert.ok(isRepoId('gpt2') && !isRepoId('a/..') && !isRepoId('/etc'));
    assert.ok(isRevision('v1.0+a') && !isRevision('a/../b') && !isRevision('/a'));
  });
});
