import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EaselError } from '../../../src/core/errors';
import { openModel } from '../../../src/engine/model/open';
import { resolveModel } from '../../../src/engine/store/resolve';
import { describeModel } from '../../../src/engine/models/describe';
import { FIXTURES } from '../../support/paths';
import { encodeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

/** A network of diffusers (scripts/reference/other_families.py). */
interface OtherNetwork {
  readonly family: string;
  readonly class: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: readonly string[];
}

const NETWORKS = JSON.parse(
  readFileSync(path.join(FIXTURES, 'other-families.json'), 'utf8'),
) as readonly OtherNetwork[];

/** Tensors of single files in the original layouts: those that diffusers and ComfyUI tell them by. */
const ORIGINALS: readonly (readonly [string, ...(readonly string[])])[] = [
  ['FLUX.1', 'double_blocks.0.img_attn.norm.key_norm.scale', 'single_blocks.0.linear1.weight'],
  ['FLUX.1', 'model.diffusion_model.double_blocks.0.img_attn.norm.key_norm.scale', 'vae.decoder.conv_in.weight', 'text_encoders.clip_l.transformer.text_model.final_layer_norm.weight'],
  ['FLUX.2', 'single_stream_modulation.lin.weight', 'double_blocks.0.img_attn.qkv.weight'],
  ['Chroma', 'distilled_guidance_layer.in_proj.bias', 'double_blocks.0.img_attn.qkv.weight'],
  ['Stable Diffusion 3 or 3.5', 'model.diffusion_model.joint_blocks.0.context_block.adaLN_modulation.1.bias', 'model.diffusion_model.y_embedder.mlp.0.weight', 'first_stage_model.decoder.conv_in.weight', 'text_encoders.clip_g.transformer.text_model.embeddings.position_embedding.weight'],
  ['Stable Diffusion 3 or 3.5', 'joint_blocks.37.x_block.mlp.fc1.weight', 'y_embedder.mlp.0.weight'],
  ['Kandinsky', 'model.clip_img_proj.weight', 'model.prd_emb', 'model.transformer.resblocks.0.attn.c_qkv.weight'],
  ['Wan', 'model.diffusion_model.head.modulation', 'model.diffusion_model.patch_embedding.weight', 'model.diffusion_model.blocks.0.self_attn.q.weight'],
  ['Qwen-Image', 'model.diffusion_model.transformer_blocks.0.img_mod.1.weight', 'model.diffusion_model.transformer_blocks.0.attn.add_k_proj.weight', 'model.diffusion_model.txt_norm.weight'],
  ['PixArt', 'y_embedder.y_proj.fc1.weight', 't_block.1.weight', 'blocks.0.cross_attn.kv_linear.weight'],
  ['AuraFlow', 'model.diffusion_model.double_layers.0.attn.w1q.weight', 'model.diffusion_model.cond_seq_linear.weight'],
  ['HunyuanDiT', 'mlp_t5.0.weight', 'extra_embedder.0.weight', 'blocks.0.attn1.Wqkv.weight'],
  ['HunyuanImage or HunyuanVideo', 'txt_in.individual_token_refiner.blocks.0.adaLN_modulation.1.bias', 'double_blocks.0.img_attn_qkv.weight'],
  ['Z-Image', 'model.diffusion_model.layers.0.adaLN_modulation.0.weight', 'model.diffusion_model.cap_embedder.0.weight'],
  ['Lumina', 'model.diffusion_model.cap_embedder.0.weight', 'model.diffusion_model.layers.0.adaLN_modulation.1.weight'],
  ['Stable Cascade', 'clip_txt_mapper.weight', 'down_blocks.0.0.channelwise.0.weight', 'clf.1.weight'],
  ['Stable Cascade', 'effnet_mapper.0.weight', 'down_blocks.1.0.channelwise.0.weight', 'clip_mapper.weight'],
  ['DeepFloyd IF', 'encoder_pooling.0.weight', 'encoder_proj.weight', 'input_blocks.0.0.weight'],
  ['Sana', 'blocks.0.cross_attn.q_linear.weight', 'blocks.0.mlp.inverted_conv.conv.weight', 'y_embedder.y_proj.fc1.weight'],
  ['LTX', 'model.diffusion_model.patchify_proj.weight', 'model.diffusion_model.adaln_single.linear.weight'],
  ['HiDream', 'double_stream_blocks.0.block.adaLN_modulation.1.bias'],
  ['HiDream', 'model.x_embedder.proj1.weight', 'model.language_model.layers.0.self_attn.q_proj.weight'],
  ['CogVideoX or CogView', 'mixins.patch_embed.proj.weight', 'transformer.layers.0.attention.query_key_value.weight'],
  ['Cosmos', 'model.diffusion_model.x_embedder.proj.1.weight', 'model.diffusion_model.blocks.0.self_attn.q_proj.weight'],
  ['Anima', 'net.llm_adapter.blocks.0.cross_attn.q_proj.weight', 'net.x_embedder.proj.1.weight'],
  ['Krea 2', 'txtfusion.projector.weight', 'blocks.0.attn.wq.weight'],
  ['Mochi', 't5_yproj.weight', 'blocks.0.attn.qkv_x.weight'],
  ['OmniGen', 'ref_image_refiner.0.attn.to_q.weight', 'time_caption_embed.caption_embedder.0.weight'],
  ['Kandinsky', 'model.diffusion_model.add_embedding.image_proj.weight', 'model.diffusion_model.down_blocks.0.resnets.0.conv1.weight'],
  ['Kolors', 'encoder_hid_proj.weight', 'add_embedding.linear_1.weight', 'down_blocks.0.resnets.0.conv1.weight'],
  ['a model similar to FLUX.1', 'double_blocks.0.img_mlp.gate_proj.weight', 'double_blocks.0.img_attn.qkv.weight'],
]; // prettier-ignore

const PIPELINES: readonly (readonly [string, ...(readonly string[])])[] = [
  ['FLUX.1', 'FluxPipeline', 'FluxKontextPipeline'],
  ['FLUX.2', 'Flux2Pipeline', 'Flux2KleinPipeline'],
  ['Stable Diffusion 3 or 3.5', 'StableDiffusion3Pipeline'],
  ['Kandinsky', 'KandinskyPipeline', 'KandinskyV22CombinedPipeline', 'Kandinsky3Pipeline', 'Kandinsky5T2IPipeline'],
  ['Wan', 'WanPipeline', 'WanImageToVideoPipeline'],
  ['Qwen-Image', 'QwenImagePipeline', 'QwenImageEditPlusPipeline'],
  ['PixArt', 'PixArtAlphaPipeline', 'PixArtSigmaPipeline'],
  ['AuraFlow', 'AuraFlowPipeline'],
  ['HunyuanDiT', 'HunyuanDiTPipeline'],
  ['HunyuanImage or HunyuanVideo', 'HunyuanImagePipeline', 'HunyuanVideo15Pipeline'],
  ['Z-Image', 'ZImagePipeline'],
  ['Chroma', 'ChromaPipeline'],
  ['Lumina', 'LuminaPipeline', 'Lumina2Pipeline'],
  ['Stable Cascade', 'StableCascadeCombinedPipeline', 'StableCascadeDecoderPipeline'],
  ['DeepFloyd IF', 'IFPipeline', 'IFImg2ImgSuperResolutionPipeline'],
  ['Würstchen', 'WuerstchenDecoderPipeline', 'WuerstchenCombinedPipeline'],
  ['Sana', 'SanaPipeline'],
  ['Kolors', 'KolorsPipeline'],
]; // prettier-ignore

async function assertRefused(place: string, family: string): Promise<void> {
  await assert.rejects(
    async () => openModel(await resolveModel(place)),
    (thrown) => {
      assert.ok(thrown instanceof EaselError, String(thrown));
      assert.equal(thrown.code, 'unsupported-model');
      const { message } = thrown;
      assert.ok(message.includes(family), message);
      assert.match(message, /Easel draws Stable Diffusion 1, 2, XL, Turbo and LCM/);
      return true;
    },
  );
}

function fileOf(names: readonly string[]): string {
  const file = path.join(tempFolder(), 'model.safetensors');
  const tensor = { dtype: 'F16', shape: [1], bytes: new Uint8Array(2) };
  writeFileSync(file, encodeSafetensors(names.map((name) => ({ ...tensor, name }))));
  return file;
}

describe('models of other families are refused by their names', () => {
  for (const { family, class: className, config, tensors } of NETWORKS) {
    it(`${family}: ${className} of diffusers, as a file and as a folder`, async () => {
      await assertRefused(fileOf(tensors), `is ${family}, which Easel does not support`);
      const folder = tempFolder();
      const json = { ...config, _class_name: className };
      writeFileSync(path.join(folder, 'config.json'), JSON.stringify(json));
      await assertRefused(folder, `is one part of ${family} (${className})`);
    });
  }

  for (const [family, ...names] of ORIGINALS) {
    it(`${family}: a single file with ${names[0]}`, async () => {
      const file = fileOf(names);
      await assertRefused(file, `is ${family}, which Easel does not support`);
      const entry = await describeModel(await resolveModel(file), 'path');
      assert.equal(entry.family, family);
      assert.equal(entry.runnable, false);
    });
  }

  for (const [family, ...classes] of PIPELINES) {
    it(`${family}: diffusers folders of ${classes.join(', ')}`, async () => {
      for (const className of classes) {
        const folder = tempFolder();
        mkdirSync(path.join(folder, 'transformer'));
        const index = { _class_name: className, _diffusers_version: '0.36.0' };
        writeFileSync(path.join(folder, 'model_index.json'), JSON.stringify(index));
        await assertRefused(folder, `${family} is not one of them`);
        const entry = await describeModel(await resolveModel(folder), 'path');
        assert.equal(entry.family, family);
      }
    });
  }
});
