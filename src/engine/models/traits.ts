import path from 'node:path';
import type { ModelKind } from '../../core/catalogue/catalogue';
import type { JsonObject } from '../../core/json';
import { isAdapterFile, readAdapterFile } from '../model/components/t2i-adapter/adapter-file';
import { adapterFamily } from '../model/components/t2i-adapter/t2i-adapter';
import { loraFacts, type LoraFacts } from '../../core/catalogue/lora-facts';
import { familyLabel } from '../lora/lora-family';
import { familyOfLora } from '../lora/lora-file';
import { looksLikeUpscaler } from '../model/components/upscaler/upscaler-file';
import { labelOfTextWidth, unetLabel } from '../model/components/unet/unet';
import { familyOfClass, familyOfTensors } from '../model/other-families';
import { readWeightFile } from '../weights/weight-file';
import { openComponentWeights, type TensorRef } from '../weights/source';
import { isFile, listFolder } from '../store/hub-cache';
import { IP_ADAPTER_FOLDERS } from '../store/ip-adapter-repository';
import { isUpscalerName } from '../store/upscaler-names';
import { readOptionalJsonObject } from '../store/model-folder';

/** What a model is, as far as its configs and the headers of its weights tell. */
export interface ModelTraits {
  /** Empty where it cannot be told. */
  readonly family: string;
  readonly precision: string;
}

const NO_METADATA: ReadonlyMap<string, string> = new Map();
const UNKNOWN: ModelTraits = { family: '', precision: '' };

/** Traits of a diffusers folder; never throws, for damaged models are listed too. */
export async function folderTraits(folder: string, pipeline: string): Promise<ModelTraits> {
  const unet = path.join(folder, 'unet');
  const config = await readOptionalJsonObject(path.join(unet, 'config.json')).catch(
    () => undefined,
  );
  return {
    family: familyOfClass(pipeline) ?? (config ? unetLabel(config) : ''),
    precision: await folderPrecision(unet),
  };
}

/** Traits of the folder of a part, such as an autoencoder or a ControlNet; never throws. */
export async function partTraits(folder: string): Promise<ModelTraits> {
  const config = await readOptionalJsonObject(path.join(folder, 'config.json')).catch(
    () => undefined,
  );
  return { family: config ? familyOfPart(config) : '', precision: await folderPrecision(folder) };
}

function familyOfPart(config: JsonObject): string {
  if (config._class_name === 'ControlNetModel') return unetLabel(config);
  if (config._class_name !== 'T2IAdapter') return '';
  return adapterFamily(config.adapter_type);
}

async function folderPrecision(folder: string): Promise<string> {
  try {
    const weights = await openComponentWeights(folder, { skipPickles: true });
    // Of pickles no tensors are known.
    return precisionOf([...weights.names()].flatMap((name) => weights.get(name) ?? [])) || 'pickle';
  } catch {
    const names = await listFolder(folder);
    if (names.some((name) => name.endsWith('.onnx'))) return 'ONNX';
    return names.some((name) => /\.(bin|ckpt|pt|pth)$/.test(name)) ? 'pickle' : '';
  }
}

/** The type that most bytes have. */
function precisionOf(tensors: Iterable<TensorRef>): string {
  const bytes = new Map<string, number>();
  for (const { dtype, length } of tensors) bytes.set(dtype, (bytes.get(dtype) ?? 0) + length);
  return [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** A single file of weights: what it is, and of which family. Never throws. */
export async function fileTraits(
  file: string,
): Promise<ModelTraits & { readonly kind: ModelKind; readonly lora?: LoraFacts }> {
  if (!/\.(safetensors|gguf)$/.test(file)) {
    // What is in a pickle is not read for a list.
    const kind = isUpscalerName(file) ? 'upscaler' : 'pipeline';
    return { ...UNKNOWN, kind, precision: 'pickle' };
  }
  try {
    const content = await readWeightFile(file);
    if (content.format === 'torch') return { ...UNKNOWN, kind: 'pipeline', precision: 'pickle' };
    const { tensors, metadata = NO_METADATA } = content;
    const precision = precisionOf(tensors.values());
    const names = [...tensors.keys()];
    if (names.some((name) => LORA.test(name))) {
      const family = familyLabel(familyOfLora(tensors, metadata));
      return { kind: 'lora', precision, family, lora: loraFacts(metadata) };
    }
    if (names.some((name) => /^model(\.diffusion_model\.|_ema\.diffusion_model)/.test(name))) {
      return { kind: 'pipeline', precision, family: checkpointFamily(tensors) };
    }
    if (names.some((name) => CONTROLNET.test(name))) {
      return { kind: 'controlnet', precision, family: attentionFamily(tensors) };
    }
    if (isAdapterFile(names)) {
      return { kind: 'controlnet', precision, family: familyOfAdapterFile(file, tensors) };
    }
    if (names.some((name) => IP_ADAPTER.test(name))) {
      const layer = [...tensors.values()].find(({ name }) => IP_ADAPTER.test(name));
      return { kind: 'ip-adapter', precision, family: labelOfTextWidth(layer?.shape[1]) };
    }
    if (looksLikeUpscaler(tensors)) return { kind: 'upscaler', precision, family: '' };
    const isAutoencoder = names.some((name) => /^(first_stage_model\.|decoder\.)/.test(name));
    if (isAutoencoder) return { kind: 'autoencoder', precision, family: '' };
    return { kind: 'pipeline', precision, family: familyOfTensors(names) ?? '' };
  } catch {
    return { ...UNKNOWN, kind: 'pipeline' };
  }
}

/** Networks that `--controlnet` takes. */
const CONTROLS = ['ControlNetModel', 'T2IAdapter'];

function familyOfAdapterFile(file: string, tensors: ReadonlyMap<string, TensorRef>): string {
  return adapterFamily(readAdapterFile({ id: file, file, tensors }).config.type);
}
/** Names that LoRAs and the other adapters of `readLoraFile` have. */
const LORA =
  /lora_(?:up|down|A|B)\b|\.lora\.|^(?:lora_unet|lora_te\d?|lycoris)[._]|\.(?:hada_w1_a|lokr_w1|lokr_w1_a|ia3_l)\b/;

/** What reads the control image, in both layouts. */
const CONTROLNET = /^controlnet_cond_embedding\.|(^|\.)input_hint_block\./;

/** The layers of an IP-Adapter in a UNet. */
const IP_ADAPTER = /^ip_adapter\.\d+\.to_[kv]_ip\.weight$/;

function attentionFamily(tensors: ReadonlyMap<string, TensorRef>): string {
  if (tensors.has('add_embedding.linear_1.weight')) return 'SDXL';
  const found = [...tensors.values()].find(({ name }) => name.endsWith('.attn2.to_k.weight'));
  return labelOfTextWidth(found?.shape[1]);
}

function checkpointFamily(tensors: ReadonlyMap<string, TensorRef>): string {
  const name = /^model(\.|_ema\.)diffusion_model.*attn2\.?to_k\.?weight$/;
  for (const tensor of tensors.values()) {
    if (name.test(tensor.name)) return labelOfTextWidth(tensor.shape[1]);
  }
  return familyOfTensors(tensors.keys()) ?? '';
}

/** The LoRA of a folder, as diffusers saves it. */
export const LORA_WEIGHTS = 'pytorch_lora_weights.safetensors';

/** Whether a folder is a part rather than a model: its class, or undefined. */
export async function partOfFolder(
  folder: string,
): Promise<Exclude<ModelKind, 'pipeline'> | undefined> {
  const config = await readOptionalJsonObject(path.join(folder, 'config.json')).catch(
    () => undefined,
  );
  if (typeof config?._class_name === 'string' && config._class_name.startsWith('Autoencoder')) {
    return 'autoencoder';
  }
  if (CONTROLS.some((name) => name === config?._class_name)) return 'controlnet';
  if (await isFile(path.join(folder, LORA_WEIGHTS))) return 'lora';
  if (await holdsIpAdapters(folder)) return 'ip-adapter';
  const names = await listFolder(folder);
  const isModel = names.includes('model_index.json') || names.includes('unet');
  if (!isModel && names.some((name) => isUpscalerName(name))) return 'upscaler';
  return undefined;
}

/** Whether a folder is laid out as the repository of the authors (h94/IP-Adapter), or as one of its folders. */
async function holdsIpAdapters(folder: string): Promise<boolean> {
  if (await isFile(path.join(folder, 'model_index.json'))) return false;
  for (const inner of ['', ...IP_ADAPTER_FOLDERS]) {
    const names = await listFolder(path.join(folder, inner));
    if (names.some((name) => /^ip-adapter[^/]*\.(safetensors|bin)$/.test(name))) return true;
  }
  return false;
}
