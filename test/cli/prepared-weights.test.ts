import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readRecipe } from '../../src/core/recipe/index';
import { tryIntegers } from '../../src/engine/bytes/integer-trial';
import { runCli } from '../support/cli';
import { tempFolder } from '../support/temp-folder';
import { makeLarge, materialiseWide } from '../support/wide-model';
import { needsExactBytes } from '../support/exact-bytes';

interface Listed {
  readonly kind: string;
  readonly id: string;
  readonly sizeBytes: number;
}

describe('easel and the weights that it prepares for int8', () => {
  needsExactBytes();
  const cache = tempFolder();
  const env = { EASEL_CACHE: cache, HF_HUB_CACHE: path.join(cache, 'hub') };
  const folder = path.join(cache, 'int8');
  const files = () => readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  let model: string;

  before(async () => {
    model = materialiseWide('sd1', 4);
    // Given as from another folder: they are listed by the whole path.
    const relative = path.relative(process.cwd(), model);
    const drawing = ['a boat', '--model', relative, '--steps', '1', '--precision', 'int8'];
    const { code, stderr } = await runCli(
      ['generate', ...drawing, '--seed', '7', '--output', path.join(cache, 'boat.png')],
      env,
    );
    assert.equal(code, 0, stderr);
    const said = stderr.match(/Prepares the weights of \w+ for int8, once: .* kept in .*/g) ?? [];
    assert.equal(said.length, 2, stderr);
    assert.ok(said.every((line) => line.includes(folder)));
    // It was asked for, so nothing else is offered.
    assert.doesNotMatch(stderr, /--precision full/);
  });

  it('lists them after the models, and in the JSON array', async () => {
    const { stdout } = await runCli(['models'], env);
    const [, prepared = ''] = stdout.split('\n\n');
    assert.ok(prepared.startsWith(`Weights prepared for int8, in ${folder}:\n`), stdout);
    assert.match(prepared, /unet, vae +\d+(\.\d)? [kM]B/);
    assert.ok(prepared.includes(model));
    const listed = await runCli(['models', '--json'], env);
    const entries = JSON.parse(listed.stdout) as Listed[];
    const [entry, ...others] = entries.filter(({ kind }) => kind === 'prepared');
    assert.deepEqual(others, []);
    assert.equal(entry?.id, model);
    assert.ok(entry.sizeBytes > 10_000);
  });

  it('asks before it removes them, and leaves the model', async () => {
    const remove = ['models', 'remove', model, '--prepared'];
    const asked = await runCli(remove, env);
    assert.equal(asked.code, 2);
    assert.match(asked.stderr, /Delete the prepared weights of .* --yes/);
    assert.equal(files().length, 2);
    const { code, events } = await runCli([...remove, '--yes', '--json'], env);
    assert.equal(code, 0);
    const [event] = events();
    assert.equal(event?.event, 'removed');
    assert.ok(Number(event.freedBytes) > 10_000);
    assert.equal(event.freedBytes, event.preparedBytes);
    assert.deepEqual(files(), []);
    assert.ok(existsSync(path.join(model, 'unet')));
    const again = await runCli([...remove, '--yes'], env);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /No weights of .* are prepared/);
  });

  it('says what auto has taken, and how the exact image is drawn, which says nothing', async function () {
    const { exact, fast } = await tryIntegers();
    if (!exact || !fast) this.skip();
    const large = makeLarge(materialiseWide('sd1', 4));
    const output = path.join(cache, 'large');
    const drawing = ['generate', 'a boat', '--model', large, '--steps', '2', '--output', output];
    const drawn = await runCli([...drawing, '--seed', '7'], env);
    const hint = /nearly exact.*To draw it exactly: (--precision full --seed 7)\./;
    const [, options = ''] = hint.exec(drawn.stderr) ?? [];
    const exactly = await runCli([...drawing, ...options.split(' ')], env);
    assert.equal(exactly.code, 0, drawn.stderr);
    assert.doesNotMatch(exactly.stderr, /exact|int8/);
    const recipes = readdirSync(output).map((name) =>
      readRecipe(readFileSync(path.join(output, name))),
    );
    assert.deepEqual(
      recipes.map((recipe) => recipe?.request.seed),
      [7, 7],
    );
    assert.deepEqual(recipes.map((recipe) => recipe?.request.precision).sort(), ['full', 'int8']);
  });

  it('has the option for removals alone', async () => {
    const { code, stderr } = await runCli(['models', 'clean', '--prepared'], env);
    assert.equal(code, 2);
    assert.match(stderr, /"models clean" has no option --prepared/);
  });
});
