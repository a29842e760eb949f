import assert from 'node:assert/strict';
import { loraTags, writeLoraTag } from '../../../src/core/recipe/lora-tags';
import { blockWeights, loraScaleOf, loraStrengths } from '../../../src/core/request/lora-weights';

const ONE = { text: 1, unet: 1 };

describe('the weights of parts of a LoRA', () => {
  const lora = {
    scale: 0.8,
    weights: { text: 0.5, text_encoder_2: 0.4, down: 0.7, 'down.1': 0.6, 'down.1.0': 0, mid: 2 },
  };
  const places: readonly (readonly [string, string, number])[] = [
    ['text_encoder', 'encoder_layers_0_mlp_fc1', 0.5],
    ['text_encoder_2', 'encoder_layers_0_mlp_fc1', 0.4],
    ['unet', 'down_blocks_0_attentions_0_proj_in', 0.7],
    ['unet', 'down_blocks_1_attentions_0_proj_in', 0],
    ['unet', 'down_blocks_1_resnets_0_conv1', 0],
    ['unet', 'down_blocks_1_attentions_1_proj_in', 0.6],
    ['unet', 'down_blocks_1_downsamplers_0_conv', 0.6],
    ['unet', 'down_blocks_10_resnets_0_conv1', 0.7],
    ['unet', 'mid_block_attentions_0_proj_in', 2],
    ['unet', 'up_blocks_1_attentions_0_proj_in', 0.8],
    ['unet', 'conv_in', 0.8],
  ];
  for (const [component, module, scale] of places) {
    it(`is ${scale} in ${component} ${module}`, () => {
      assert.equal(loraScaleOf(lora, component, module), scale);
      assert.equal(loraScaleOf({ scale: 0.8 }, component, module), 0.8);
    });
  }

  it('are two scales where a tool takes no more', () => {
    assert.deepEqual(loraStrengths({ scale: 0.8 }), { text: 0.8, unet: 0.8, others: [] });
    assert.deepEqual(loraStrengths({ scale: 0.8, weights: { unet: 0.2, mid: 1 } }), {
      ...{ text: 0.8, unet: 0.2 },
      others: ['mid'],
    });
  });
});

describe('lists of "LoRA Block Weight"', () => {
  it('name the blocks of the original UNet', () => {
    const list = Array.from({ length: 17 }, (_, index) => index / 10).join(',');
    assert.deepEqual(blockWeights(list, { text: 1, unet: 0.5 }), {
      text: 0,
      ...{ 'down.0.0': 0.05, 'down.0.1': 0.1, 'down.1.0': 0.15, 'down.1.1': 0.2 },
      ...{ 'down.2.0': 0.25, 'down.2.1': 0.3, mid: 0.35 },
      ...{ 'up.1.0': 0.4, 'up.1.1': 0.45, 'up.1.2': 0.5 },
      ...{ 'up.2.0': 0.55, 'up.2.1': 0.6, 'up.2.2': 0.65 },
      ...{ 'up.3.0': 0.7, 'up.3.1': 0.75, 'up.3.2': 0.8 },
    });
    const xl = blockWeights('1,0,0,0,0,1,0,0,0,0.5,0,0', ONE);
    assert.deepEqual(Object.keys(xl ?? {}), [
      ...['text', 'down.1.0', 'down.1.1', 'down.2.0', 'down.2.1', 'mid'],
      ...['up.0.0', 'up.0.1', 'up.0.2', 'up.1.0', 'up.1.1', 'up.1.2'],
    ]);
    assert.equal(xl?.['up.1.0'], 0.5);
    const whole = Array.from({ length: 26 }, () => '1').join(',');
    assert.equal(Object.keys(blockWeights(whole, ONE) ?? {}).length, 1 + 8 + 1 + 12);
  });

  it('are presets too, and nothing else', () => {
    assert.equal(blockWeights('outall', ONE)?.['up.3.2'], 1);
    assert.equal(blockWeights('NONE', ONE)?.text, 0);
    for (const text of ['MINE', '1,0', '1,,0', ''])
      assert.equal(blockWeights(text, ONE), undefined);
  });
});

describe('LoRA tags in a prompt', () => {
  const read = (tag: string) => loraTags(`a cat <lora:${tag}>`).loras[0];

  it('have one scale, two, or lists', () => {
    assert.deepEqual(read('ink:0.8'), { name: 'ink', scale: 0.8 });
    assert.deepEqual(read('ink:0.8:0.8'), { name: 'ink', scale: 0.8 });
    assert.deepEqual(read('ink:0.5:1'), { name: 'ink', scale: 0.5, weights: { unet: 1 } });
    assert.deepEqual(read('ink:te=0.5:unet=1'), { name: 'ink', scale: 0.5, weights: { unet: 1 } });
    assert.equal(read('ink:0.5:lbw=OUTS:step=3-9')?.weights?.['up.3.0'], 0.5);
    assert.equal(read('ink:0.5:1:MIDD')?.weights?.mid, 1);
    assert.equal(
      read(`ink:1:${Array.from({ length: 12 }, () => 0.5).join(',')}`)?.weights?.mid,
      0.5,
    );
    assert.deepEqual(read('ink:1:lbw=MINE'), { name: 'ink', scale: 1 });
  });

  it('are written as they are read', () => {
    for (const tag of ['<lora:ink:0.8>', '<lora:ink:0.5:1>']) {
      const { name, scale = 1, weights } = loraTags(tag).loras[0]!;
      assert.equal(writeLoraTag(name, { scale, weights }), tag);
    }
  });
});
