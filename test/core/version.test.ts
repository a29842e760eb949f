import { ROOT } from '../support/paths';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { VERSION } from '../../src/core/version';

describe('version', () => {
  it('is that of the package', () => {
    const file = path.join(ROOT, 'package.json');
    assert.equal(VERSION, (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version);
  });
});
