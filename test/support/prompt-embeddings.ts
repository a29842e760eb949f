import assert from 'node:assert/strict';
import {
  encodeClipPrompts,
  type TextEmbeddings,
} from '../../src/engine/model/components/clip-text/prompts';
import type { Model, PromptOptions, PromptPair } from '../../src/engine/model/model';
import { UNetModel } from '../../src/engine/model/unet-model';
import type { SessionCache } from '../../src/engine/runtime/session-cache';
import { networksOf } from './networks';

/** What a model's UNet is told in words: the features of a prompt, before they reach the UNet. */
export async function encodePrompt(
  model: Model,
  sessions: SessionCache,
  prompts: PromptPair,
  options: PromptOptions,
): Promise<TextEmbeddings> {
  assert.ok(model instanceof UNetModel);
  const { textEncoders, traits } = model.parts;
  const [embeddings] = await encodeClipPrompts(
    networksOf(model, sessions),
    textEncoders,
    [prompts],
    { ...options, ...traits.text },
  );
  return embeddings!;
}
