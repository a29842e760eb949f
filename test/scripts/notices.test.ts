import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { nativeLock, stageNativePackages } from '../../scripts/package/native';
import { bundledPackages, thirdPartyNotices } from '../../scripts/package/notices';
import { ROOT } from '../support/paths';
import { tempFolder } from '../support/temp-folder';

interface Manifest {
  readonly name: string;
  readonly version: string;
}

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

describe('the notices in the package', function () {
  before(function () {
    // Only these have their native packages installed by npm itself.
    if (process.platform !== 'linux' || process.arch !== 'x64') this.skip();
  });

  it('name exactly what is packed, in the versions of the lock file, each with its licence', async () => {
    const folder = tempFolder();
    const inputs = path.join(folder, 'inputs.json');
    const args = ['esbuild.js', '--production', `--outdir=${folder}/dist`, `--inputs=${inputs}`];
    execFileSync(process.execPath, args, { cwd: ROOT });
    const names = JSON.parse(readFileSync(inputs, 'utf8')) as string[];
    const native = stageNativePackages('linux-x64', path.join(folder, 'node_modules'));
    const folders = [...bundledPackages(names), ...native];
    const notices = await thirdPartyNotices(folders);
    const listed = [...notices.matchAll(/^- (\S+) (\S+) \(.+\)$/gm)].map(
      ([, name, version]) => `${name} ${version}`,
    );
    const packed = folders.map(manifestOf).map(({ name, version }) => `${name} ${version}`);
    assert.deepEqual(listed, [...new Set(packed)].sort());
    for (const one of [
      '@modelcontextprotocol/sdk',
      'undici',
      '@babel/parser',
      'onnxruntime-node',
      'sharp',
      'koffi',
      '@img/sharp-libvips-linux-x64',
      '@vscode/codicons',
    ]) {
      assert.ok(
        listed.some((line) => line.startsWith(`${one} `)),
        one,
      );
    }
    const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string }>;
    };
    for (const one of folders) {
      const key = path.relative(ROOT, one).split(path.sep).join('/');
      assert.equal(manifestOf(one).version, packages[key]?.version, key);
    }
    for (const text of [
      /GNU LESSER GENERAL PUBLIC LICENSE/,
      /GNU GENERAL PUBLIC LICENSE/,
      /\| libvips +\| LGPLv3/,
    ]) {
      assert.match(notices, text);
    }
    assert.match(notices, /Copyright \(c\) Microsoft Corporation/);
    assert.match(notices, /Copyright \(c\) Matteo Collina and Undici contributors/);
    const runtime = manifestOf(path.join(ROOT, 'node_modules/onnxruntime-node')).version;
    assert.ok(
      notices.includes(`ONNX Runtime ${runtime}\n`),
      'scripts/package/notices is of another version',
    );
  });

  it('name the packages whose data a script took over, with their licences', async () => {
    const folders = bundledPackages([
      'src/core/composition/vectors/letters.json',
      'src/core/composition/vectors/signs.json',
      'node_modules/@dicebear/avataaars/lib/index.js',
    ]);
    const notices = await thirdPartyNotices(folders);
    assert.match(notices, /Copyright \(c\) 2022 Phosphor Icons\s+MIT License/);
    assert.match(notices, /The Fredoka Project Authors.*SIL Open Font License, Version 1\.1/s);
    assert.match(notices, /Designer: Pablo Stanley.*Free for personal and commercial use/s);
    // The word lists are made from the same data as the starter, whose licences are beside it.
    assert.match(notices, /lists of words .* models\/starter\/LICENSES/s);
    const licences = readdirSync(path.join(ROOT, 'models/starter/LICENSES'));
    assert.ok(licences.includes('MIT-emojibase-data.txt') && licences.includes('WordNet-3.0.txt'));
  });

  it('and the native packages of other platforms are those of the lock file', () => {
    const { lock } = nativeLock() as { lock: { packages: Record<string, { integrity?: string }> } };
    const packages = Object.entries(lock.packages).filter(([name]) => name !== '');
    for (const target of ['linux-arm64', 'win32-x64', 'darwin-arm64']) {
      assert.ok(
        packages.some(([name]) => name === `node_modules/@img/sharp-${target}`),
        target,
      );
    }
    for (const [name, { integrity }] of packages) assert.match(integrity ?? '', /^sha512-/, name);
  });
});
