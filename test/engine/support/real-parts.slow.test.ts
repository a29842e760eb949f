import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { deviceProfile } from '../../../src/core/devices';
import { findLibraries } from '../../../src/engine/support/find-libraries';
import { installSupport, supportOf } from '../../../src/engine/support/install';
import { librariesFolder } from '../../../src/engine/support/support-folder';
import { tempFolder } from '../../support/temp-folder';
import { tryInProcess } from './try-in-process';

/**
 * Downloads the real parts, 250 MB, so it runs only with EASEL_TEST_CUDA=1. Without a card it goes as far as the
 * libraries that it finds: those of CUDA in a Python environment (VIRTUAL_ENV), libcuda.so.1 in LD_LIBRARY_PATH.
 */
describe('the real parts for CUDA', function () {
  this.timeout(1_200_000);

  before(function () {
    if (process.env.EASEL_TEST_CUDA !== '1') this.skip();
  });

  it('have the pinned checksums, and load until a library or the card is missing', () => {
    return check({ ...process.env, EASEL_CACHE: tempFolder() });
  });
});

async function check(env: NodeJS.ProcessEnv): Promise<void> {
  const installable = supportOf('cuda');
  const machine = { root: '/', env, home: homedir() };
  const context = { signal: new AbortController().signal, emit: () => undefined };
  await installSupport(installable, context, machine);
  const { driver, libraries } = installable.support;
  const wanted = [{ file: driver.library }, ...libraries.filter((one) => !one.isOptional)];
  const found = findLibraries(wanted, librariesFolder('cuda', env), machine);
  const { works, detail, stderr } = tryInProcess('cuda', env);
  const absent = wanted.map(({ file }) => file).filter((file) => !found.has(file));
  console.log(`      ${works ? 'works' : detail}; not found: ${absent.join(', ') || 'none'}`);
  if (absent.length === 0) {
    const known = deviceProfile('cuda').failures.map(({ explanation }) => explanation);
    assert.ok(works || known.includes(detail), `${detail}\n${stderr}`);
  } else {
    assert.ok(
      absent.some((file) => stderr.includes(`${file}: cannot open shared object`)),
      stderr,
    );
  }
}
