import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { finish, startCli } from '../support/cli';
import { openMcp, type McpSession } from '../support/mcp-client';
import { tempFolder } from '../support/temp-folder';

/** The starter model in few steps: these tests are about the tools, not about the picture. */
const QUICK = { prompt: 'a red apple', steps: 2 };

describe('easel mcp', () => {
  let folder: string;
  let session: McpSession;

  before(async () => {
    folder = tempFolder();
    session = await openMcp({ cwd: folder });
  });
  after(() => session.close());

  it('offers both tools with their schemas', async () => {
    const { tools } = await session.client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['generate_image', 'list_image_models'],
    );
    const [generate] = tools;
    assert.deepEqual(generate?.inputSchema.required, ['prompt']);
    const { width } = generate.inputSchema.properties as { width: Record<string, unknown> };
    assert.equal(width.maximum, 16384);
    assert.equal(generate.annotations?.readOnlyHint, false);
    assert.ok(session.client.getServerVersion()?.version);
  });

  it('draws at the path and size asked for, and shows the picture', async () => {
    const progress: number[] = [];
    const answer = await session.call(
      'generate_image',
      {
        ...{ ...QUICK, path: 'docs/my images/apple.webp', width: 300, height: 100, seed: 7 },
        altText: 'An [apple]',
      },
      { onprogress: (event) => progress.push(event.progress) },
    );
    assert.equal(answer.isError, false, answer.text);
    const file = path.join(folder, 'docs/my images/apple.webp');
    const { format, width, height } = await sharp(file).metadata();
    assert.deepEqual([format, width, height], ['webp', 300, 100]);
    assert.match(answer.text, /!\[An \\\[apple\\\]\]\(docs\/my%20images\/apple\.webp\)/);
    assert.match(answer.text, /starter in 2 steps on cpu .*seed 7/);
    const [view] = answer.images;
    assert.equal(view?.mimeType, 'image/jpeg');
    assert.equal((await sharp(view.data).metadata()).width, 300);
    assert.ok(progress.length >= 2);
    assert.ok(progress.every((value, i) => i === 0 || value > (progress[i - 1] ?? 0)));
  });

  it('names the file by prompt and seed where no path is given, and numbers the second', async () => {
    for (const name of ['a-red-apple-1.png', 'a-red-apple-1-2.png']) {
      const answer = await session.call('generate_image', { ...QUICK, seed: 1 });
      assert.match(answer.text, new RegExp(`\\(assets/${name}\\)`));
      assert.ok(existsSync(path.join(folder, 'assets', name)));
    }
  });

  it('lists what it can draw with', async () => {
    const { text, isError } = await session.call('list_image_models', {});
    assert.equal(isError, false);
    assert.match(text, /- starter \(default\): .*256 × 256/);
  });

  it('answers bad calls with what to do', async () => {
    const cases: [Record<string, unknown>, RegExp][] = [
      [{}, /^bad-request: prompt: is missing/],
      [{ prompt: '  ' }, /^bad-request: prompt: must say what to draw/],
      [{ prompt: 'x', width: 0 }, /^bad-request: width: must be at least 1, not 0/],
      [{ prompt: 'x', size: 9 }, /^bad-request: size: is not a field of a call/],
      [{ prompt: 'x', path: 'a.gif' }, /^bad-request: path: must end in \.png/],
      [
        { prompt: 'x', style: 'cubist' },
        /^bad-request: There is no style "cubist"\. There are Flat/,
      ],
      [{ prompt: 'x'.repeat(9000) }, /^prompt-too-long: .*Shorten it/],
      [{ prompt: 'x', model: 'no/such' }, /^model-not-found: .*list_image_models/],
    ];
    for (const [input, wanted] of cases) {
      const answer = await session.call('generate_image', input);
      assert.equal(answer.isError, true, JSON.stringify(input));
      assert.match(answer.text, wanted);
    }
    const unknown = await session.call('draw', {});
    assert.match(unknown.text, /no tool "draw"/);
  });

  it('never leaves its folder and never overwrites', async () => {
    const outside = tempFolder();
    mkdirSync(path.join(folder, 'real'));
    writeFileSync(path.join(folder, 'real/taken.png'), 'mine');
    symlinkSync(outside, path.join(folder, 'link'));
    symlinkSync(path.join(outside, 'x.png'), path.join(folder, 'dangling.png'));
    const cases: [string, RegExp][] = [
      ['../out.png', /is outside/],
      ['docs/../../out.png', /is outside/],
      [path.join(outside, 'out.png'), /is outside/],
      ['link/out.png', /is a link that leads out of/],
      ['link/deeper/out.png', /is a link that leads out of/],
      ['dangling.png', /^write-failed: dangling\.png exists already/],
      ['real/taken.png', /^write-failed: real\/taken\.png exists already/],
      ['real/taken.png/inside.png', /^(write-failed|bad-request): /],
      ['real/', /must name a file|must end in/],
      ['a\0.png', /is not a valid file or folder name/],
    ];
    for (const [wrong, wanted] of cases) {
      const answer = await session.call('generate_image', { ...QUICK, path: wrong });
      assert.equal(answer.isError, true, wrong);
      assert.match(answer.text, wanted, wrong);
    }
    assert.deepEqual(readdirSync(outside), []);
    assert.equal(readFileSync(path.join(folder, 'real/taken.png'), 'utf8'), 'mine');
    // An absolute path inside is what some agents give.
    const inside = path.join(folder, 'real/absolute.png');
    assert.equal((await session.call('generate_image', { ...QUICK, path: inside })).isError, false);
    assert.ok(existsSync(inside));
  });

  it('stops a drawing that is cancelled, and draws the next', async () => {
    const controller = new AbortController();
    const cancelled = session.call(
      'generate_image',
      { ...QUICK, steps: 1000, path: 'cancelled.png' },
      {
        signal: controller.signal,
        onprogress: ({ progress }) => {
          if (progress >= 2) controller.abort();
        },
      },
    );
    await assert.rejects(cancelled, /abort/i);
    const next = await session.call('generate_image', { ...QUICK, path: 'after.png' });
    assert.equal(next.isError, false, next.text);
    assert.ok(existsSync(path.join(folder, 'after.png')));
    assert.ok(!existsSync(path.join(folder, 'cancelled.png')));
  });

  it('draws two at once, also to one path, of which one wins', async () => {
    const both = await Promise.all(
      ['two/a.png', 'two/b.png'].map((name) =>
        session.call('generate_image', { ...QUICK, path: name }),
      ),
    );
    assert.ok(both.every(({ isError }) => !isError));
    assert.deepEqual(readdirSync(path.join(folder, 'two')).sort(), ['a.png', 'b.png']);
    const rivals = await Promise.all(
      [1, 2].map((seed) => session.call('generate_image', { ...QUICK, seed, path: 'two/c.png' })),
    );
    assert.deepEqual(rivals.map(({ isError }) => isError).sort(), [false, true]);
    assert.match(rivals.find(({ isError }) => isError)?.text ?? '', /^write-failed: /);
  });

  it('saves below the folders the client works in, or the one it was started with', async () => {
    const [project, output] = [tempFolder(), tempFolder()];
    const byRoots = await openMcp({ roots: [project] });
    await byRoots.call('generate_image', { ...QUICK, path: 'a.png' });
    await byRoots.close();
    assert.deepEqual(readdirSync(project), ['a.png']);
    const byOption = await openMcp({ roots: [project], args: ['--output', output] });
    await byOption.call('generate_image', { ...QUICK, seed: 3 });
    await byOption.close();
    assert.deepEqual(readdirSync(output), ['a-red-apple-3.png']);
  });

  it('asks for a folder rather than write at the root of the disk', async () => {
    const lost = await openMcp({ cwd: path.parse(folder).root });
    const answer = await lost.call('generate_image', QUICK);
    await lost.close();
    assert.match(answer.text, /--output FOLDER/);
  });

  it('ends when the client hangs up', async () => {
    const { code, stdout } = await finish(startCli(['mcp']));
    assert.equal(code, 0);
    assert.equal(stdout, '');
  });
});
