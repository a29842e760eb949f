import assert from 'node:assert/strict';
import { oneStrength, twoStrengths } from '../../../src/engine/endpoints/lora-strengths';

describe('the scales of a LoRA at an endpoint', () => {
  const path = 'ink';

  it('are one or two numbers', () => {
    assert.deepEqual(twoStrengths({ path, scale: 0.8 }), { text: 0.8, unet: 0.8 });
    const weights = { text: 0.5 };
    assert.deepEqual(twoStrengths({ path, scale: 1, weights }), { text: 0.5, unet: 1 });
    assert.equal(oneStrength({ path, scale: 0.8, weights: { text: 0.8 } }), 0.8);
  });

  it('are refused where the server cannot have them, with what it takes', () => {
    const blocks = { path, scale: 1, weights: { 'down.1': 0.5, text: 0.2 } };
    assert.throws(() => twoStrengths(blocks), {
      code: 'bad-request',
      message: /one scale for the text encoders.*ink has down\.1=0\.5,text=0\.2/,
    });
    const two = { path, scale: 1, weights: { text: 0.2 } };
    assert.throws(() => oneStrength(two), { code: 'bad-request', message: /takes one scale for/ });
  });
});
