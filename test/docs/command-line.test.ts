import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CODES } from '../../src/core/errors';
import { runCli } from '../support/cli';
import { ROOT } from '../support/paths';

const page = readFileSync(path.join(ROOT, 'docs', 'COMMAND-LINE.md'), 'utf8');

function optionsIn(text: string): string[] {
  return [...new Set(text.match(/--[a-z][a-z-]*/g))].sort();
}

describe('docs/COMMAND-LINE.md', () => {
  it('names every option that the help names, and no other', async () => {
    const verbs = ['models', 'endpoints', 'serve', 'upscale'];
    const pages = [['--help'], ...verbs.map((verb) => [verb, '--help'])];
    const help = await Promise.all(pages.map((args) => runCli(args)));
    const offered = optionsIn(help.map(({ stdout }) => stdout).join('\n'));
    assert.ok(offered.includes('--seed'));
    assert.deepEqual(
      optionsIn(page).filter((option) => option !== '--help'),
      offered.filter((option) => option !== '--help'),
    );
  });

  it('names every error code', () => {
    const named = [...page.matchAll(/^\| `([a-z-]+)`\s*\| [^|]+\| \d+\s*\|$/gm)].map(
      ([, code]) => code,
    );
    assert.deepEqual(named.sort(), [...ERROR_CODES].sort());
  });
});
