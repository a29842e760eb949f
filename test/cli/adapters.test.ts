import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../support/cli';
import { LoraCase } from '../engine/lora/lora-case';
import { materialise } from '../support/fixture';
import { assertSamePicture } from '../support/pictures';
import { tempFolder } from '../support/temp-folder';
import { writeSnapshot } from '../support/cached-repository';
import { FIXTURES } from '../support/paths';

const ADAPTED = path.join(FIXTURES, 'adapted');

interface Run {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: number;
}

describe('easel generate with adapters', () => {
  const { lora: run } = JSON.parse(readFileSync(path.join(ADAPTED, 'runs.json'), 'utf8')) as Record<
    'lora',
    Run
  >;
  const options = (output: string) => [
    ...[
      'generate',
      run.prompt,
      '--negative-prompt',
      run.negativePrompt,
      '--format',
      'png',
      '--steps',
      '4',
    ],
    ...['--model', materialise('sd1'), '--seed', String(run.seed), '--guidance-scale', '7.5'],
    ...['--width', '64', '--height', '64', '--device', 'cpu', '--output', output, '--json'],
  ];
  const embedding = ['--embedding', path.join(FIXTURES, 'embeddings', 'bad_hands.pt')];

  it('draws what diffusers draws with the same files', async () => {
    const file = new LoraCase('kohya').loras()[0]!.path;
    const output = tempFolder();
    const result = await runCli([...options(output), '--lora', `${file}:0.6`, ...embedding]);
    assert.equal(result.code, 0);
    const image = result.events().find(({ event }) => event === 'image')!;
    await assertSamePicture(image.path as string, path.join(ADAPTED, 'lora.png'));
  });

  it('takes adapters from the Hugging Face cache by their repository ids', async () => {
    const cache = tempFolder();
    const lora = readFileSync(new LoraCase('kohya').loras()[0]!.path);
    writeSnapshot(cache, 'someone/ink-lora', { 'pytorch_lora_weights.safetensors': lora });
    const learned = readFileSync(path.join(FIXTURES, 'embeddings', 'bad_hands.pt'));
    writeSnapshot(cache, 'someone/bad-hands', { 'learned_embeds.bin': learned });
    const output = tempFolder();
    const adapters = [
      '--lora',
      'someone/ink-lora:0.6',
      '--embedding',
      'someone/bad-hands:bad_hands',
    ];
    const env = { HF_HUB_CACHE: cache, HF_HUB_OFFLINE: '1' };
    const result = await runCli([...options(output), ...adapters], env);
    assert.equal(result.code, 0, result.stderr);
    const image = result.events().find(({ event }) => event === 'image')!;
    await assertSamePicture(image.path as string, path.join(ADAPTED, 'lora.png'));
  });

  it('tells what of a prompt is read as plain words, and which words are not used', async () => {
    const notes = async (prompt: string, ...more: string[]) => {
      const [verb = '', , ...rest] = options(tempFolder());
      const result = await runCli([verb, prompt, ...rest, '--steps', '1', ...more]);
      assert.equal(result.code, 0, result.stderr);
      const warnings = result.events().filter(({ event }) => event === 'warning');
      return warnings.map(({ message }) => String(message)).join('\n');
    };
    assert.match(await notes('a cat <lora:ink:0.8>'), /"<lora:ink:0.8>" .*--lora FILE:0.8/);
    assert.match(await notes('a cat, Bad_Hands', ...embedding), /only the first of its 3 vectors/);
    const unused = await notes('a cat', ...embedding, '--negative-prompt', 'dog');
    assert.match(unused, /bad_hands\.pt, "bad_hands", is not in the prompt or the negative prompt/);
    assert.equal(await notes('a cat, bad_hands', ...embedding), '');
  });

  it('says what is wrong with a file that changes nothing', async () => {
    const file = new LoraCase('sdxl').loras()[0]!.path;
    const result = await runCli([...options(tempFolder()), '--lora', file]);
    assert.equal(result.code, 1);
    const last = result.events().at(-1)!;
    assert.deepEqual([last.event, last.code], ['error', 'unsupported-model']);
  });
});
